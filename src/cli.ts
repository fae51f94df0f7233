import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { createApp } from './boot.js';
import { AccountsModule } from './auth/accounts.module.js';
import { Accounts } from './auth/accounts.service.js';
import { UnknownCalendar } from './auth/auth.errors.js';
import { readPassword } from './auth/read-password.js';
import { BUSINESS_KEY_FORGET } from './business/business.sql.js';
import { askForConsent } from './calendar/google-auth.js';
import { BOOT, STAFF_ROLES, type StaffRole } from './common/actor.js';
import { DomainError } from './common/domain-error.js';
import { isUuid } from './common/ids.js';
import { loadConfig, type Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { prepareDatabase } from './database/database.boot.js';
import { DatabaseModule } from './database/database.module.js';
import { Database } from './database/database.service.js';
import { run } from './database/statement.js';
import { backUpEmbedded, restoreEmbedded } from './database/embedded.backup.js';
import { ENTITIES } from './entities.js';
import { Doctor, type Diagnosis } from './operations/doctor.service.js';
import { prepareSandbox } from './sandbox/sandbox.boot.js';
import { Restorations } from './operations/restorations.service.js';
import { ErasureLedger } from './privacy/erasure-ledger.service.js';

/** What making accounts needs of the application: no server, no workers, no sandbox. */
@Module({})
class CommandLineModule {
  static of(config: Config, databaseUrl: string): DynamicModule {
    return {
      module: CommandLineModule,
      imports: [ConfigModule.of(config), DatabaseModule.of(databaseUrl, ENTITIES), AccountsModule],
    };
  }
}

interface Opened {
  readonly context: INestApplicationContext;
  readonly close: () => Promise<void>;
}

type Open = (config: Config, databaseUrl: string) => Promise<Opened>;

const openPart: Open = async (config, databaseUrl) => {
  const context = await NestFactory.createApplicationContext(CommandLineModule.of(config, databaseUrl), {
    logger: ['error', 'warn'],
    abortOnError: false,
  });
  return { context, close: () => context.close() };
};

/** Whoever cuts data needs every module that holds some: the application without its background work and its log, serving nobody. */
const openWhole: Open = async (config, databaseUrl) => {
  const context = await createApp({ ...config, role: 'api', logLevel: 'fatal' }, databaseUrl);
  return { context, close: () => context.close() };
};

/** Whoever asks the providers needs the sandbox as well, where it stands in for them. */
const openWithProviders: Open = async (config, databaseUrl) => {
  const sandbox = await prepareSandbox(config);
  const { context, close } = await openWhole(sandbox.config, databaseUrl);
  const closeBoth = async () => {
    await close();
    await sandbox.stop();
  };
  return { context, close: closeBoth };
};

async function withApplication(
  open: Open,
  work: (context: INestApplicationContext) => Promise<void>,
): Promise<void> {
  const config = loadConfig();
  const database = await prepareDatabase(config, ENTITIES, (line) => console.error(line));
  try {
    const { context, close } = await open(config, database.appUrl);
    try {
      await work(context);
    } finally {
      await close();
    }
  } finally {
    await database.stop();
  }
}

interface NewAccountOptions {
  email: string;
  role: StaffRole;
  name?: string;
  staff?: string | null;
}

function staffIdOf(text: string): string {
  if (!isUuid(text)) throw new InvalidArgumentError('It is no id.');
  return text;
}

/** The ids of a ledger that was kept elsewhere, one a line. */
function ledgerOf(file: string): string[] {
  const ids = readFileSync(file, 'utf8')
    .split(/\s+/)
    .filter((word) => word !== '');
  if (!ids.every(isUuid))
    throw new InvalidArgumentError(`${file} does not hold ids only; see erasure-ledger.`);
  return ids;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InvalidArgumentError('It is no port.');
  return port;
}

/** What to tell whoever typed the command: of a refusal the broken rules, else the error's own words. */
function wordsFor(error: unknown): string {
  if (error instanceof UnknownCalendar)
    return 'Nobody of that id works here; GET /admin/staff lists who does.';
  if (error instanceof DomainError) return error.detail;
  return error instanceof Error ? error.message : 'It failed for an unknown reason.';
}

const program = new Command('lawrei').description('Tends a Lawrei installation from the command line.');

program
  .command('account:create')
  .description(
    'make an account for a member of staff; the password is asked for, or read from the standard input',
  )
  .requiredOption('--email <address>', 'what they sign in with')
  .addOption(new Option('--role <role>', 'what they may do').choices(STAFF_ROLES).makeOptionMandatory())
  .option('--name <name>', 'how they are called')
  .option('--staff <id>', 'whose calendar is theirs: an id of GET /admin/staff', staffIdOf)
  .action(({ email, role, name = email, staff = null }: NewAccountOptions) =>
    withApplication(openPart, async (context) => {
      const password = await readPassword(process.stdin, (text) => process.stderr.write(text));
      const account = await context
        .get(Accounts)
        .create(BOOT, { email, name, role, password, staffId: staff });
      console.log(`Made the account ${account.id} (${account.role}).`);
    }),
  );

program
  .command('erasure-ledger')
  .description('print the ids of everybody who was forgotten, one a line, to be kept beside the backups')
  .action(() =>
    withApplication(openWhole, async (context) => {
      for (const id of await context.get(ErasureLedger).list()) console.log(id);
    }),
  );

program
  .command('replay-erasures')
  .description('after an older backup was restored: forget again who had been forgotten')
  .option('--ledger <file>', 'what erasure-ledger printed, where the database no longer knows', ledgerOf)
  .action(({ ledger = [] }: LedgerOption) =>
    withApplication(openWhole, (context) => replayErasures(context, ledger)),
  );

program
  .command('backup')
  .description('copy the embedded database into a new folder, while it is in use or not')
  .argument('<folder>', 'a folder that does not exist yet, best on another disk')
  .action(async (folder: string) => {
    await backUpEmbedded(embeddedDataDir(), folder);
    console.log(`Copied the database to ${folder}. Keep .env and what erasure-ledger prints beside it.`);
  });

program
  .command('restore')
  .description('put a backup in the place of the embedded database, then do what restored does')
  .argument('<folder>', 'what backup wrote')
  .option('--ledger <file>', 'what erasure-ledger printed last', ledgerOf)
  .action(async (folder: string, { ledger = [] }: LedgerOption) => {
    const aside = restoreEmbedded(embeddedDataDir(), folder);
    if (aside !== null) console.log(`What was there before is in ${aside}.`);
    await completeRestoration(ledger);
  });

program
  .command('restored')
  .description('after a database was put back from a backup, before anybody is served or works')
  .option('--ledger <file>', 'what erasure-ledger printed last', ledgerOf)
  .action(({ ledger = [] }: LedgerOption) => completeRestoration(ledger));

program
  .command('new-encryption-key')
  .description(
    'when ENCRYPTION_KEY is lost: let the next start take another one, which forgets who said STOP',
  )
  .action(() =>
    withApplication(openPart, async (context) => {
      await context.get(Database).transact(BOOT, (em) => run(em, BUSINESS_KEY_FORGET));
      console.log(
        'The next start takes the ENCRYPTION_KEY it finds. Who said STOP before is not known any more; connect the calendars again.',
      );
    }),
  );

interface LedgerOption {
  ledger?: string[];
}

/** Another server has tools of its own, which know it better. */
function embeddedDataDir(): string {
  const { databaseUrl, databaseAppUrl, dataDir } = loadConfig();
  if (databaseUrl || databaseAppUrl)
    throw new Error('DATABASE_URL is set: use the tools of that server, then restored; see docs/runbook.md.');
  return dataDir;
}

function completeRestoration(ledger: readonly string[]): Promise<void> {
  return withApplication(openWithProviders, async (context) => {
    const restorations = context.get(Restorations);
    const backedUpAt = await restorations.backedUpAt();
    if (backedUpAt === null) console.log('The database does not know until when it was worked on.');
    else console.log(`The database knows what happened until ${backedUpAt.toISOString()}.`);
    await replayErasures(context, ledger);
    for (const line of await restorations.complete(backedUpAt ?? new Date(0))) console.log(line);
  });
}

async function replayErasures(context: INestApplicationContext, ledger: readonly string[]): Promise<void> {
  const { forgotten, failed } = await context.get(ErasureLedger).replay(ledger);
  console.log(`Forgot ${forgotten} again.`);
  if (failed.length > 0) throw new Error(`Could not forget, look for a legal hold: ${failed.join(', ')}`);
}

const SIGNS = { ok: 'ok', warning: 'warning', failure: 'FAILURE' } as const;

function printed({ part, findings }: Diagnosis): string {
  return findings
    .map(({ state, says, remedy }) => {
      const line = `${SIGNS[state].padEnd(8)} ${part.padEnd(9)} ${says}`;
      return remedy === undefined ? line : `${line}\n${' '.repeat(18)} → ${remedy}`;
    })
    .join('\n');
}

program
  .command('doctor')
  .description(
    'look at settings, database, Redis and every provider for real; 1 where something does not work',
  )
  .action(() =>
    withApplication(openWhole, async (context) => {
      const diagnoses = await context.get(Doctor).examine();
      for (const diagnosis of diagnoses) console.log(printed(diagnosis));
      const failures = diagnoses
        .flatMap(({ findings }) => findings)
        .filter(({ state }) => state === 'failure');
      if (failures.length > 0) throw new Error(`${failures.length} of these do not work.`);
    }),
  );

program
  .command('google:auth')
  .description('connect a Google account with a browser on this machine, and print its GOOGLE_REFRESH_TOKEN')
  .option(
    '--port <number>',
    'where Google sends the browser back to: http://127.0.0.1:<number>/',
    portOf,
    4_810,
  )
  .action(async ({ port }: { port: number }) => {
    const { google } = loadConfig();
    if (google.clientId === '') throw new Error('Set GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET first.');
    const { email, refreshToken } = await askForConsent(google, {
      port,
      tell: (line) => console.error(line),
    });
    console.error(`Connected ${email}. For .env:`);
    console.log(`GOOGLE_REFRESH_TOKEN=${refreshToken}`);
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(wordsFor(error));
  process.exitCode = 1;
}
