import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { Limited } from '../common/route.decorators.js';
import { CalendarConsents } from './calendar-consent.service.js';
import { ConsentStartQuery } from './dto/calendar-consent.request.js';
import { ConsentPageResponse } from './dto/calendar-consent.response.js';

const CONNECTED = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The calendar is connected</title>
<h1>The calendar is connected</h1>
<p>Appointments appear in it within a minute. You can close this page.</p>
</html>
`;

/** Connecting an account at Google by a click. */
@ApiTags('Salon: calendar')
@Controller('admin/calendar/oauth')
@Refuses('rate-limited', 'unavailable', 'unauthenticated', 'forbidden')
export class CalendarConsentController {
  constructor(private readonly consents: CalendarConsents) {}

  @Get('start')
  @ApiBearerAuth()
  @Access('manager')
  @ApiOperation({
    operationId: 'startCalendarConsent',
    summary: 'Where to connect an account at Google; open it in a browser',
  })
  @ApiOkResponse({ type: ConsentPageResponse })
  @Refuses('validation-failed', 'calendar-not-connected')
  async start(
    @CurrentActor() actor: StaffActor,
    @Query() { staffId }: ConsentStartQuery,
  ): Promise<ConsentPageResponse> {
    return ConsentPageResponse.from(await this.consents.start(actor, staffId ?? null));
  }

  @Get('callback')
  @Access('public')
  @Limited({ name: 'calendar-consent', max: 20, seconds: 60 })
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  @ApiOperation({
    operationId: 'finishCalendarConsent',
    summary: 'Where Google sends the browser back to; who asked is in the sealed `state`',
  })
  @ApiProduces('text/html')
  @ApiOkResponse({ schema: { type: 'string' } })
  @Refuses('calendar-consent-failed', 'provider-unavailable')
  @ApiQuery({ name: 'state', schema: { type: 'string', example: 'v1.q83vEjRWeJA.o3hgv1538sdjfh.c2VhbGVk' } })
  @ApiQuery({
    name: 'code',
    required: false,
    description: 'Missing when the person said no',
    schema: { type: 'string', example: '4/0AX4XfWh' },
  })
  async finish(@Query('state') state: unknown, @Query('code') code: unknown): Promise<string> {
    const [sealed, proof] = [state, code].map((said) => (typeof said === 'string' ? said : null));
    await this.consents.finish({ state: sealed ?? '', code: proof ?? null });
    return CONNECTED;
  }
}
