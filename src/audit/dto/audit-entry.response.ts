import { ApiProperty } from '@nestjs/swagger';
import { Out } from '../../common/fields/response.fields.js';
import type { AuditDetail, AuditedEntry } from '../audit.types.js';

class AuditActorResponse {
  @Out.text({ description: 'staff, customer, guest, public or system', example: 'staff' }) kind!: string;
  @Out.id({ nullable: true, description: 'Account, customer, or the guest’s booking' }) id!: string | null;
}

class AuditSubjectResponse {
  @Out.text({ nullable: true, example: 'account' }) kind!: string | null;
  @Out.id({ nullable: true }) id!: string | null;
}

/** Something that was done: ids and codes, never a name or a contact. */
export class AuditEntryResponse {
  @Out.id() id!: string;
  @Out.instant() at!: string;
  @Out.object(() => AuditActorResponse) actor!: AuditActorResponse;
  @Out.text({ example: 'account.changed' }) action!: string;
  @Out.object(() => AuditSubjectResponse) subject!: AuditSubjectResponse;
  @Out.text({ nullable: true, description: 'The `X-Request-Id` of the request that did it' })
  requestId!: string | null;
  @ApiProperty({
    type: 'object',
    description: 'What else there is to say; its fields depend on the action',
    additionalProperties: {
      nullable: true,
      oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }],
    },
    example: { role: 'reception' },
  })
  details!: Readonly<Record<string, AuditDetail>>;

  static from(entry: AuditedEntry): AuditEntryResponse {
    return Object.assign(new AuditEntryResponse(), {
      id: entry.id,
      at: entry.at.toISOString(),
      actor: { kind: entry.actorKind, id: entry.actorId },
      action: entry.action,
      subject: { kind: entry.subjectKind, id: entry.subjectId },
      requestId: entry.requestId,
      details: entry.details,
    });
  }
}
