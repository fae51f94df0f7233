import { randomInt } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { BOOT } from '../common/actor.js';
import { Config } from '../config/config.js';
import { run } from '../database/statement.js';
import { Accounts, type NewAccount } from './accounts.service.js';
import { ACCOUNT_LOCK } from './auth.sql.js';

const MADE_UP_EMAIL = 'owner@lawrei.example';
const SAYABLE = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 5;
const GROUP_LENGTH = 4;

/**
 * Somebody must be able to sign in to an empty salon, and no open route may make that account. It comes from the boot
 * settings; outside production it is made up and its passphrase shown once; in production the command line makes it.
 */
@Injectable()
export class FirstOwner implements OnApplicationBootstrap {
  private readonly logger = new Logger('FirstOwner');

  constructor(
    private readonly config: Config,
    private readonly accounts: Accounts,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (await this.accounts.exist(BOOT)) return;
    const { owner, production } = this.config;
    if (owner) await this.make(owner);
    else if (production)
      this.logger.warn(
        'Nobody can sign in yet. Make the first owner: npm run lawrei -- account:create --email you@example.com --role owner',
      );
    else await this.makeUp();
  }

  private async makeUp(): Promise<void> {
    const made = { email: MADE_UP_EMAIL, password: passphrase() };
    if (!(await this.make(made))) return;
    const lines = [
      '',
      'The first owner was made for you. This is shown only once:',
      `  e-mail      ${made.email}`,
      `  passphrase  ${made.password}`,
      '',
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  }

  /** False when another process that booted at the same moment was first. */
  private async make({ email, password }: Pick<NewAccount, 'email' | 'password'>): Promise<boolean> {
    const wanted: NewAccount = { email, password, name: 'Owner', role: 'owner' };
    return (await this.accounts.createFirst(BOOT, wanted, (em) => run(em, ACCOUNT_LOCK))) !== null;
  }
}

/** 20 random characters that can be read out loud: 99 bits. */
function passphrase(): string {
  const character = () => SAYABLE.charAt(randomInt(SAYABLE.length));
  const group = () => Array.from({ length: GROUP_LENGTH }, character).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}
