import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { BusinessModule } from '../business/business.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { SchedulingModule } from '../scheduling/scheduling.module.js';
import { BookingCalendarMark } from './booking-calendar-mark.service.js';
import { BookingChanges } from './booking-changes.service.js';
import { BookingCreation } from './booking-creation.service.js';
import { BookingMoney } from './booking-money.service.js';
import { BookingMoves } from './booking-moves.service.js';
import { BookingPrices } from './booking-prices.service.js';
import { BookingQueries } from './booking-queries.service.js';
import { BookingSlots } from './booking-slots.service.js';
import { BookingSweeper } from './booking-sweeper.js';
import { BookingsAdminController } from './bookings-admin.controller.js';
import { BookingsController } from './bookings.controller.js';
import { BookingsService } from './bookings.service.js';
import { OwnBookings } from './own-bookings.service.js';
import { BookingsPersonalData } from './bookings.personal-data.js';
import { BookingRetention, NotesRetention } from './booking-retention.js';

@Module({
  imports: [AuditModule, AuthModule, BusinessModule, OutboxModule, SchedulingModule],
  controllers: [BookingsController, BookingsAdminController],
  providers: [
    BookingsPersonalData,
    BookingRetention,
    NotesRetention,
    BookingCalendarMark,
    BookingChanges,
    BookingCreation,
    BookingMoney,
    BookingMoves,
    BookingPrices,
    BookingQueries,
    BookingSlots,
    BookingsService,
    BookingSweeper,
    OwnBookings,
  ],
  exports: [
    BookingCalendarMark,
    BookingCreation,
    BookingMoney,
    BookingMoves,
    BookingQueries,
    BookingSlots,
    BookingsService,
    OwnBookings,
  ],
})
export class BookingsModule {}
