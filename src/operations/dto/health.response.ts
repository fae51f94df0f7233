import { Out } from '../../common/fields/response.fields.js';

/** The process lives; nothing else was looked at. */
export class LiveResponse {
  @Out.oneOf(['ok']) status = 'ok' as const;
}

/** Requests may be sent here: the database answers and has every migration. */
export class ReadyResponse {
  @Out.oneOf(['ok']) status = 'ok' as const;
  @Out.int({ description: 'Migrations this version needs, all applied' }) migrations!: number;

  static of(migrations: number): ReadyResponse {
    return Object.assign(new ReadyResponse(), { migrations });
  }
}
