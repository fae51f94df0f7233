import { Account } from './auth/entities/account.entity.js';
import { ManageLink } from './auth/entities/manage-link.entity.js';
import { OneTimeCode } from './auth/entities/one-time-code.entity.js';
import { RefreshToken } from './auth/entities/refresh-token.entity.js';
import { SecurityCounter } from './auth/entities/security-counter.entity.js';
import { Session } from './auth/entities/session.entity.js';
import { Business } from './business/entities/business.entity.js';
import { BookingEvent } from './bookings/entities/booking-event.entity.js';
import { Booking } from './bookings/entities/booking.entity.js';
import { CalendarConnection } from './calendar/entities/calendar-connection.entity.js';
import { CalendarConflict } from './calendar/entities/calendar-conflict.entity.js';
import { CalendarLink } from './calendar/entities/calendar-link.entity.js';
import { Calendar } from './calendar/entities/calendar.entity.js';
import { Resource } from './catalog/entities/resource.entity.js';
import { ServiceResource } from './catalog/entities/service-resource.entity.js';
import { Service } from './catalog/entities/service.entity.js';
import { Consent } from './customers/entities/consent.entity.js';
import { Customer } from './customers/entities/customer.entity.js';
import { OptOut } from './customers/entities/opt-out.entity.js';
import { IdempotencyKey } from './http/entities/idempotency-key.entity.js';
import { MessageAttempt } from './messaging/entities/message-attempt.entity.js';
import { MessageTemplate } from './messaging/entities/message-template.entity.js';
import { Message } from './messaging/entities/message.entity.js';
import { TemplateVersion } from './messaging/entities/template-version.entity.js';
import { IntegrationStatus } from './outbox/entities/integration-status.entity.js';
import { OutboxMessage } from './outbox/entities/outbox-message.entity.js';
import { ReportDay } from './analytics/entities/report-day.entity.js';
import { InvariantCheck } from './operations/entities/invariant-check.entity.js';
import { RequestTally } from './operations/entities/request-tally.entity.js';
import { RecurringRun } from './outbox/entities/recurring-run.entity.js';
import { ProviderEvent } from './outbox/entities/provider-event.entity.js';
import { PaymentTask } from './payments/entities/payment-task.entity.js';
import { Payment } from './payments/entities/payment.entity.js';
import { Receipt } from './payments/entities/receipt.entity.js';
import { Refund } from './payments/entities/refund.entity.js';
import { ErasureRequest } from './privacy/entities/erasure-request.entity.js';
import { RetentionNight } from './privacy/entities/retention-night.entity.js';
import { RetentionRule } from './privacy/entities/retention-rule.entity.js';
import { Allocation } from './scheduling/entities/allocation.entity.js';
import { BusySource } from './scheduling/entities/busy-source.entity.js';
import { ExternalBusy } from './scheduling/entities/external-busy.entity.js';
import { HoursException } from './scheduling/entities/hours-exception.entity.js';
import { TimeOff } from './scheduling/entities/time-off.entity.js';
import { WeeklyHours } from './scheduling/entities/weekly-hours.entity.js';

/** Every table MikroORM knows; migrations are compared with these. */
export const ENTITIES = [
  Business,
  Customer,
  Consent,
  OptOut,
  Resource,
  Service,
  ServiceResource,
  WeeklyHours,
  HoursException,
  TimeOff,
  BusySource,
  ExternalBusy,
  Allocation,
  Booking,
  BookingEvent,
  Payment,
  Refund,
  Receipt,
  PaymentTask,
  CalendarConnection,
  Calendar,
  CalendarLink,
  CalendarConflict,
  Message,
  MessageAttempt,
  MessageTemplate,
  TemplateVersion,
  OutboxMessage,
  ProviderEvent,
  IntegrationStatus,
  RecurringRun,
  InvariantCheck,
  ReportDay,
  RequestTally,
  Account,
  Session,
  RefreshToken,
  OneTimeCode,
  ManageLink,
  SecurityCounter,
  IdempotencyKey,
  ErasureRequest,
  RetentionRule,
  RetentionNight,
];
