import { newId } from '../../src/common/ids.js';
import { violates } from '../../src/database/errors.js';
import { bareDatabase, type BareDatabase } from '../support/test-module.js';

/** Goes past every service: what must never be, the database itself refuses, by the rule's name. */
describe('the database refuses', () => {
  let bare: BareDatabase;
  beforeAll(async () => (bare = await bareDatabase()));
  afterAll(() => bare.close());

  const insert = async (table: string, row: Record<string, unknown>) => {
    const columns = Object.keys(row);
    const places = columns.map((_, index) => `$${index + 1}`);
    await bare.sql(
      `insert into ${table} (${columns.join(', ')}) values (${places.join(', ')})`,
      Object.values(row),
    );
    return String(row['id']);
  };
  const at = '2030-03-01T14:00:00Z';
  const aMessage = (change: Record<string, unknown> = {}) =>
    insert('message', {
      ...{
        id: newId(),
        channel: 'sms',
        family: 'manual',
        class: 'transactional',
        to_address: '+14155550101',
        to_hash: 'x',
      },
      ...{ dedupe_key: newId(), due_at: at, expires_at: at, created_at: at, ...change },
    });
  const anAttempt = (messageId: string, change: Record<string, unknown> = {}) =>
    insert('message_attempt', {
      id: newId(),
      message_id: messageId,
      channel: 'sms',
      number: 1,
      started_at: at,
      ...change,
    });
  const refusedBy = async (rule: string, attempt: Promise<unknown>) => {
    const error = await attempt.then(
      () => null,
      (failure: unknown) => failure,
    );
    expect({ rule, refused: violates(error, rule) }).toEqual({ rule, refused: true });
  };

  it('the same message twice', async () => {
    await aMessage({ dedupe_key: 'once' });
    await refusedBy('message_dedupe_key_unique', aMessage({ dedupe_key: 'once' }));
  });

  it('one text of the provider for two messages', async () => {
    await aMessage({ provider_id: 'SM1' });
    await refusedBy('message_provider_id_unique', aMessage({ provider_id: 'SM1' }));
  });

  it('two attempts at once, and two with one number', async () => {
    const message = await aMessage();
    await anAttempt(message);
    await refusedBy('message_attempt_one_open', anAttempt(message, { number: 2 }));
    await refusedBy(
      'message_attempt_number_unique',
      anAttempt(message, { finished_at: at, outcome: 'absent' }),
    );
    await refusedBy(
      'message_attempt_number_from_one',
      anAttempt(message, { number: 0, finished_at: at, outcome: 'absent' }),
    );
  });

  it('an attempt that ended in nothing, or was accepted without an id', async () => {
    const message = await aMessage();
    await refusedBy('message_attempt_end_has_outcome', anAttempt(message, { finished_at: at }));
    await refusedBy(
      'message_attempt_accepted_has_id',
      anAttempt(message, { finished_at: at, outcome: 'accepted' }),
    );
    await refusedBy('message_attempt_message_id_foreign', anAttempt(newId()));
  });

  it('an end without its time, and a time without an end', async () => {
    await refusedBy('message_end_has_its_time', aMessage({ state: 'failed' }));
    await refusedBy('message_end_has_its_time', aMessage({ final_at: at }));
    await refusedBy('message_taken_has_its_time', aMessage({ state: 'sent' }));
  });

  it('a message begun before it was written, and one received that goes out', async () => {
    await refusedBy('message_submitting_is_rendered', aMessage({ state: 'submitting' }));
    await refusedBy('message_direction_fits_state', aMessage({ state: 'received', final_at: at }));
    await refusedBy(
      'message_direction_fits_state',
      aMessage({ direction: 'in', state: 'received', final_at: at }),
    );
  });

  it('a flag without a reason, and what cannot be counted', async () => {
    await refusedBy('message_flag_has_a_reason', aMessage({ flagged_at: at }));
    await refusedBy('message_segments_not_negative', aMessage({ segments: -1 }));
    await refusedBy('message_segments_not_negative', aMessage({ revision: 0 }));
  });

  it('a message that follows or replaces itself, or one that does not exist', async () => {
    const id = newId();
    await refusedBy('message_follows_another', aMessage({ id, after_id: id }));
    await refusedBy('message_after_id_exists', aMessage({ after_id: newId() }));
    await refusedBy('message_instead_of_id_exists', aMessage({ instead_of_id: newId() }));
    await refusedBy('message_booking_id_foreign', aMessage({ booking_id: newId() }));
    await refusedBy('message_customer_id_foreign', aMessage({ customer_id: newId() }));
  });

  it('a message about money without a booking, or about a refund without its payment', async () => {
    await refusedBy('message_about_money_names_all', aMessage({ payment_id: newId() }));
    await refusedBy('message_about_money_names_all', aMessage({ refund_id: newId() }));
  });

  it('a wording under a wrong key, a subject of a text, and versions out of their order', async () => {
    const template = { key: 'sms.welcome.en', channel: 'sms', name: 'welcome', language: 'en', version: 1 };
    const aTemplate = (change: Record<string, unknown> = {}) =>
      insert('message_template', { ...template, ...change });
    await aTemplate();
    await refusedBy('message_template_pkey', aTemplate());
    await refusedBy('message_template_key_tells_what', aTemplate({ key: 'sms.welcome.es' }));
    await refusedBy('message_template_channel_check', aTemplate({ key: 'fax.welcome.en', channel: 'fax' }));
    await refusedBy('message_template_name_check', aTemplate({ key: 'sms.x.en', name: 'x' }));
    const written = { draft_subject: 'x', draft_body: 'y' };
    await refusedBy(
      'message_template_subject_of_emails',
      aTemplate({ key: 'sms.welcome.de', language: 'de', ...written }),
    );
    const aVersion = (change: Record<string, unknown> = {}) =>
      insert('message_template_version', {
        ...{ key: template.key, number: 2, body: 'x', published_by: newId(), published_at: at },
        ...change,
      });
    await aVersion({ restores: 1 });
    await refusedBy('message_template_version_pkey', aVersion());
    await refusedBy('message_template_version_after_shipped', aVersion({ number: 1 }));
    await refusedBy('message_template_version_restores_earlier', aVersion({ number: 3, restores: 3 }));
    await refusedBy('message_template_version_key_foreign', aVersion({ key: 'sms.welcome.fr' }));
  });
});
