import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  PERSONAL_DATA_METADATA,
  type PersonalData,
  type PersonalDataOptions,
  type StoredRow,
} from '../database/personal-data.js';

type Holder = PersonalDataOptions & { readonly holder: PersonalData };

/** Every module that holds something about a person, in the order in which it is cut. */
@Injectable()
export class PersonalDataRegistry implements OnModuleInit {
  private holders: readonly Holder[] = [];

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    const found: Holder[] = [];
    for (const { instance, metatype } of this.discovery.getProviders()) {
      if (!metatype || !isHolder(instance)) continue;
      const options: PersonalDataOptions | undefined = Reflect.getMetadata(PERSONAL_DATA_METADATA, metatype);
      if (options) found.push({ ...options, holder: instance });
    }
    this.holders = found.toSorted((a, b) => a.order - b.order);
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
