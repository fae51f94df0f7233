import { Out } from '../../common/fields/response.fields.js';
import {
  ERASURE_STATES,
  type ErasureRequest,
  type ErasureState,
} from '../entities/erasure-request.entity.js';
import type { PersonalExport } from '../exports.service.js';

/** Somebody's wish to be forgotten, and what became of it. */
export class ErasureResponse {
  @Out.id() id!: string;
  @Out.oneOf(ERASURE_STATES) state!: ErasureState;
  @Out.instant() askedAt!: string;
  @Out.instant({ description: 'Until then it can be withdrawn' }) dueAt!: string;
  @Out.instant({ nullable: true }) endedAt!: string | null;
  @Out.texts({ description: 'What stood in the way when its time came' }) blockers!: string[];

  static from(this: void, request: ErasureRequest): ErasureResponse {
    return {
      id: request.id,
      state: request.state,
      askedAt: request.askedAt.toISOString(),
      dueAt: request.dueAt.toISOString(),
      endedAt: request.endedAt?.toISOString() ?? null,
      blockers: [...request.blockers],
    };
  }
}

class CutResponse {
  @Out.text({ example: 'messages' }) section!: string;
  @Out.text({ example: 'message' }) table!: string;
  @Out.int({ description: 'How many rows', example: 12 }) rows!: number;
}

class KeptResponse {
  @Out.text({ example: 'payments and refunds, and receipts with the name they were made out to' })
  what!: string;
  @Out.text({ example: 'bookkeeping and tax law' }) why!: string;
  @Out.text({ example: '10 years' }) until!: string;
}

/** For the salon: whose wish it is, and the certificate once it is done. */
export class ErasureRequestResponse extends ErasureResponse {
  @Out.id() customerId!: string;
  @Out.id({ nullable: true, description: 'The account that asked for the customer' }) askedBy!: string | null;
  @Out.list(() => CutResponse, { description: 'What was cut' }) cut!: CutResponse[];
  @Out.list(() => KeptResponse, { description: 'What is kept, and on which ground' }) kept!: KeptResponse[];

  static of(this: void, request: ErasureRequest): ErasureRequestResponse {
    const { certificate } = request;
    const cut = Object.entries(certificate?.cut ?? {}).flatMap(([section, tables]) =>
      Object.entries(tables).map(([table, rows]) => ({ section, table, rows })),
    );
    return {
      ...ErasureResponse.from(request),
      customerId: request.customerId,
      askedBy: request.askedBy ?? null,
      cut,
      kept: [...(certificate?.kept ?? [])],
    };
  }
}

/** The document of an export; its tables and columns are told in docs/privacy.md. */
export const EXPORT_SCHEMA = {
  type: 'object',
  required: ['customerId', 'exportedAt', 'sections'],
  properties: {
    customerId: { type: 'string', format: 'uuid', example: '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55' },
    exportedAt: { type: 'string', format: 'date-time', example: '2030-03-04T14:00:00.000Z' },
    sections: {
      type: 'object',
      description: 'By section and table, the rows as they are stored',
      example: { customer: { customer: [{ name: 'Ada Lovelace' }] } },
      additionalProperties: {
        type: 'object',
        additionalProperties: { type: 'array', items: { type: 'object' } },
      },
    },
  },
};

export function exportDocument({ customerId, exportedAt, sections }: PersonalExport) {
  return { customerId, exportedAt: exportedAt.toISOString(), sections };
}
