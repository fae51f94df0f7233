import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { ApiPageResponse, pageOf, type Page } from '../common/page.js';
import { Refuses } from '../common/problem.response.js';
import { AuditQueries } from './audit-queries.service.js';
import { AuditEntryResponse } from './dto/audit-entry.response.js';
import { AuditQuery } from './dto/audit.request.js';

/** Who did what, for the owner. */
@ApiTags('Salon: audit')
@ApiBearerAuth()
@Access('owner')
@Controller('admin/audit')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'unavailable')
export class AuditController {
  constructor(private readonly queries: AuditQueries) {}

  @Get()
  @ApiOperation({
    operationId: 'listAuditEntries',
    summary: 'Sign-ins, denials and changes, the newest first',
  })
  @ApiPageResponse(AuditEntryResponse)
  @Refuses('validation-failed')
  async list(
    @CurrentActor() actor: StaffActor,
    @Query() query: AuditQuery,
  ): Promise<Page<AuditEntryResponse>> {
    const { action, actorId, subjectId, from, to } = query;
    const filter = {
      action: action ?? null,
      actorId: actorId ?? null,
      subjectId: subjectId ?? null,
      from: from ?? null,
      to: to ?? null,
    };
    const entries = await this.queries.list(actor, query, filter);
    return pageOf(entries, query, (entry) => entry.at, AuditEntryResponse.from);
  }
}
