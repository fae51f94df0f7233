import { Migration } from '@mikro-orm/migrations';

/** Accounts that are connected on Google's own page, known by what they are called there; customers who want to be invited to events. */
export class Migration20261127121609 extends Migration {
  override up(): void {
    this.addSql('alter table "calendar_connection" drop constraint "calendar_connection_token_of_oauth"');
    this.addSql(
      'alter table "calendar_connection" add "account_subject" varchar(255) null, add "account_email" varchar(254) null',
    );
    this.addSql(
      'create unique index calendar_connection_once_an_account on calendar_connection (account_subject)',
    );
    this.addSql(
      `alter table "calendar_connection" add constraint "calendar_connection_account_of_oauth" check (num_nonnulls(refresh_token, account_subject, account_email) = case source when 'oauth' then 3 else 0 end)`,
    );
    this.addSql('alter table "consent" drop constraint "consent_purpose_check"');
    this.addSql(
      `alter table "consent" add constraint "consent_purpose_check" check ("purpose" in ('transactional_sms', 'reminder_sms', 'marketing_sms', 'marketing_email', 'calendar_invitation'))`,
    );
  }

  override down(): void {
    // What somebody agreed to stays on record.
    this.addSql('alter table "consent" drop constraint "consent_purpose_check"');
    this.addSql(
      `alter table "consent" add constraint "consent_purpose_check" check ("purpose" in ('transactional_sms', 'reminder_sms', 'marketing_sms', 'marketing_email')) not valid`,
    );
    this.addSql('alter table "calendar_connection" drop constraint "calendar_connection_account_of_oauth"');
    this.addSql(
      'alter table "calendar_connection" drop column "account_subject", drop column "account_email"',
    );
    this.addSql(
      `alter table "calendar_connection" add constraint "calendar_connection_token_of_oauth" check ((source = 'oauth') = (refresh_token is not null))`,
    );
  }
}
