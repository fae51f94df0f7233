import type { EntityClass, EntityManager, EntityMetadata, EntityProperty } from '@mikro-orm/postgresql';
import type { QueryResultRow } from 'pg';

interface Column {
  readonly field: string;
  readonly property: string;
  readonly convert: (value: unknown) => unknown;
}

interface Shape {
  readonly prototype: object;
  readonly columns: readonly Column[];
}

const shapes = new WeakMap<EntityMetadata, Shape>();

/**
 * Rows as entities that no unit of work knows: a fifth of the time that the entity manager takes for making, registering and later
 * comparing them. Their getters and rules work; relations are not loaded, and nothing that is set is ever written.
 */
export function detached<E extends object>(
  em: EntityManager,
  entity: EntityClass<E>,
  rows: readonly QueryResultRow[],
): Readonly<E>[] {
  const { prototype, columns } = shapeOf(em, em.getMetadata(entity));
  return rows.map((row) => {
    const made: E & Record<string, unknown> = Object.create(prototype);
    const values: Record<string, unknown> = made;
    for (const { field, property, convert } of columns)
      values[property] = row[field] === null || row[field] === undefined ? null : convert(row[field]);
    return made;
  });
}

function shapeOf(em: EntityManager, metadata: EntityMetadata): Shape {
  let shape = shapes.get(metadata);
  if (!shape) shapes.set(metadata, (shape = newShape(em, metadata)));
  return shape;
}

/** The entity's prototype watches what is set on it; the one between takes that as it comes. */
function newShape(em: EntityManager, { props, prototype }: EntityMetadata): Shape {
  const stored = props.filter(({ persist }) => persist !== false);
  const plain = { value: null, writable: true, enumerable: true, configurable: true };
  return {
    prototype: Object.create(prototype, Object.fromEntries(stored.map(({ name }) => [name, plain]))),
    columns: stored.map((property) => ({
      field: property.fieldNames[0] ?? property.name,
      property: property.name,
      convert: converterOf(em, property),
    })),
  };
}

function converterOf(em: EntityManager, { customType, runtimeType }: EntityProperty): Column['convert'] {
  const platform = em.getPlatform();
  if (customType) return (value) => customType.convertToJSValue(value, platform);
  if (runtimeType === 'Date') return (value) => platform.parseDate(String(value));
  return (value) => value;
}
