import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { CHECKUP_METADATA, type Checkup, type Finding } from '../common/checkup.js';

/** What was found of one part. */
export interface Diagnosis {
  readonly part: string;
  readonly findings: readonly Finding[];
}

/** Looks at everything an installation needs, one part after the other. */
@Injectable()
export class Doctor {
  constructor(private readonly discovery: DiscoveryService) {}

  async examine(): Promise<Diagnosis[]> {
    const diagnoses: Diagnosis[] = [];
    for (const checkup of this.checkups()) {
      diagnoses.push({ part: checkup.part, findings: await checkup.examine() });
    }
    return diagnoses;
  }

  private checkups(): Checkup[] {
    return this.discovery
      .getProviders()
      .filter(({ metatype }) => metatype && Reflect.getMetadata(CHECKUP_METADATA, metatype) === true)
      .map(({ instance }) => instance as unknown)
      .filter(isCheckup)
      .toSorted((a, b) => ORDER.indexOf(a.part) - ORDER.indexOf(b.part));
  }
}

/** What others stand on comes first; what is not named here, before all. */
const ORDER = ['settings', 'database', 'redis', 'e-mail', 'twilio', 'stripe', 'google'];

function isCheckup(instance: unknown): instance is Checkup {
  return typeof instance === 'object' && instance !== null && 'examine' in instance && 'part' in instance;
}
