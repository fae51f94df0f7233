import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  PERSONAL_DATA_METADATA,
  type PersonalData,
  type PersonalDataOptions,
  type StoredRow,
} from '../database/personal-data.js';
import {
  DATA_CLASSES,
  RETENTION_METADATA,
  type DataClass,
  type KeptForATime,
} from '../database/retention.js';

type Holder = PersonalDataOptions & { readonly holder: PersonalData };

/** Every module that holds something about a person, in the order in which it is cut, and who ends each kind of data. */
@Injectable()
export class PersonalDataRegistry implements OnModuleInit {
  private holders: readonly Holder[] = [];
  private readonly keepers = new Map<DataClass, KeptForATime>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    const found: Holder[] = [];
    for (const { instance, metatype } of this.discovery.getProviders()) {
      if (!metatype) continue;
      const options: PersonalDataOptions | undefined = Reflect.getMetadata(PERSONAL_DATA_METADATA, metatype);
      if (options && isHolder(instance)) found.push({ ...options, holder: instance });
      const dataClass: DataClass | undefined = Reflect.getMetadata(RETENTION_METADATA, metatype);
      if (dataClass && isKeeper(instance)) this.keepers.set(dataClass, instance);
    }
    this.holders = found.toSorted((a, b) => a.order - b.order);
    // Data that nobody ends would be kept for ever, and nobody would notice. People are ended here (retention.service.ts).
    for (const name of DATA_CLASSES) if (name !== 'identity') this.keeperOf(name);
  }

  keeperOf(name: DataClass): KeptForATime {
    const keeper = this.keepers.get(name);
    if (!keeper) throw new Error(`nobody ends ${name} when their time is over`);
    return keeper;
  }

  async blockers(em: EntityManager, customerId: string): Promise<string[]> {
    const all: string[] = [];
    for (const { holder } of this.holders) all.push(...(await holder.blockers(em, customerId)));
    return all;
  }

  /** Sections by name, each with its tables. */
  async export(em: EntityManager, customerId: string) {
    const sections: Record<string, Readonly<Record<string, readonly StoredRow[]>>> = {};
    for (const { section, holder } of this.holders) sections[section] = await holder.export(em, customerId);
    return sections;
  }

  /** How many rows were cut, by section and table. */
  async erase(em: EntityManager, customerId: string, now: Date) {
    const cut: Record<string, Readonly<Record<string, number>>> = {};
    for (const { section, holder } of this.holders) cut[section] = await holder.erase(em, customerId, now);
    return cut;
  }
}

function isHolder(instance: unknown): instance is PersonalData {
  return (
    typeof instance === 'object' &&
    instance !== null &&
    'blockers' in instance &&
    'export' in instance &&
    'erase' in instance
  );
}

function isKeeper(instance: unknown): instance is KeptForATime {
  return typeof instance === 'object' && instance !== null && 'count' in instance && 'cut' in instance;
}
