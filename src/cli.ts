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
import { askForConsent } from './calendar/google-auth.js';
import { BOOT, STAFF_ROLES, type StaffRole } from './common/actor.js';
import { DomainError } from './common/domain-error.js';
import { isUuid } from './common/ids.js';
import { loadConfig, type Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { prepareDatabase } from './database/database.boot.js';
import { DatabaseModule } from './database/database.module.js';
import { ENTITIES } from './entities.js';
import { Doctor, type Diagnosis } from './operations/doctor.service.js';
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

type Open = (config: Config, databaseUrl: string) => Promise<INestApplicationContext>;

const openPart: Open = (config, databaseUrl) =>
  NestFactory.createApplicationContext(CommandLineModule.of(config, databaseUrl), {
    logger: ['error', 'warn'],
    abortOnError: false,
  });

/** Whoever cuts data needs every module that holds some: the application without its background work and its log, serving nobody. */
const openWhole: Open = (config, databaseUrl) =>
  createApp({ ...config, role: 'api', logLevel: 'fatal' }, databaseUrl);

async function withApplication(
  open: Open,
  work: (context: INestApplicationContext) => Promise<void>,
): Promise<void> {
  const config = loadConfig();
  const database = await prepareDatabase(config, ENTITIES, (line) => console.error(line));
  try {
    const context = await open(config, database.appUrl);
    try {
      await work(context);
    } finally {
      await context.close();
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
  if (!ids.every(isUuid)) throw new Error(`${file} does not hold ids only; see erasure-ledger.`);
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
  .option('--ledger <file>', 'what erasure-ledger printed, where the database no longer knows')
  .action(({ ledger }: { ledger?: string }) =>
    withApplication(openWhole, async (context) => {
      const kept = ledger === undefined ? [] : ledgerOf(ledger);
      const { forgotten, failed } = await context.get(ErasureLedger).replay(kept);
      console.log(`Forgot ${forgotten} again.`);
      if (failed.length > 0) throw new Error(`Could not forget, look for a legal hold: ${failed.join(', ')}`);
    }),
  );

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
