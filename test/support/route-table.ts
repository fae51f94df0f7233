import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { routesOf } from '../../src/app.setup.js';
import { ACCESS_METADATA, type AccessRule } from '../../src/common/access.js';
import type { TestApp } from './test-app.js';

/** The part of a JSON schema that our documents use; references are followed already. */
export interface Schema {
  type?: string;
  format?: string;
  enum?: readonly unknown[];
  pattern?: string;
  example?: unknown;
  default?: unknown;
  nullable?: boolean;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  required?: readonly string[];
  properties?: Record<string, Schema>;
  items?: Schema;
}

export interface QueryParameter {
  name: string;
  required: boolean;
  schema: Schema;
}

/** A route of the running router with what the documents and the access policy say of it. */
export interface Route {
  method: string;
  /** As the router writes it: `/api/bookings/:id`. */
  url: string;
  /** Names of the parameters in the path. */
  params: readonly string[];
  rules: readonly AccessRule[];
  /** Of the JSON body; null where a route takes none. */
  body: Schema | null;
  query: readonly QueryParameter[];
}

/** The twins of GET, preflights and the documentation pages are the framework's. */
const isOurs = ({ method, url }: { method: string; url: string }) =>
  !['HEAD', 'OPTIONS'].includes(method) && !/^\/docs([/-]|$)/.test(url) && url !== '*';

/** Every route the router really has, the sandbox's too. Throws on one without rule or documentation. */
export function routeTable(app: TestApp): Route[] {
  const document = SwaggerModule.createDocument(app.app, new DocumentBuilder().build());
  const policy = policyOf(app);
  const seen = new Set<string>();
  return routesOf(app.app)
    .filter(isOurs)
    .flatMap(({ method, url }) => {
      const name = `${method} ${url}`;
      if (seen.has(name)) return [];
      seen.add(name);
      const rules = policy.get(name);
      const operation = operationOf(document, method, url);
      if (!rules || !operation)
        throw new Error(`${name} is in the router, but not in the ${rules ? 'documents' : 'policy'}`);
      return [
        {
          method,
          url,
          params: [...url.matchAll(/:(\w+)/g)].map((match) => match[1] ?? ''),
          rules,
          ...operation,
        },
      ];
    });
}

/** A route's path with its parameters filled in; values are taken as they are, encoded or not. */
export function pathOf(route: Pick<Route, 'url'>, values: Readonly<Record<string, string>>): string {
  return route.url.replaceAll(/:(\w+)/g, (_, name: string) => values[name] ?? '');
}

function operationOf(
  document: OpenAPIObject,
  method: string,
  url: string,
): Pick<Route, 'body' | 'query'> | null {
  const path = document.paths[url.replaceAll(/:(\w+)/g, '{$1}')];
  const operation = path?.[method.toLowerCase() as 'get'];
  if (!operation) return null;
  const { parameters = [], requestBody } = operation;
  const content =
    requestBody && 'content' in requestBody ? requestBody.content['application/json'] : undefined;
  const body = content?.schema ? resolved(document, content.schema) : null;
  const query = parameters.flatMap((parameter) =>
    'in' in parameter && parameter.in === 'query'
      ? [
          {
            name: parameter.name,
            required: parameter.required === true,
            schema: resolved(document, parameter.schema ?? {}),
          },
        ]
      : [],
  );
  return { body: body?.properties ? body : null, query };
}

function resolved(document: OpenAPIObject, schema: object): Schema {
  if ('$ref' in schema && typeof schema.$ref === 'string') {
    return resolved(document, document.components?.schemas?.[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  }
  // The document's own types allow far more than our decorators write.
  const { allOf, properties, items, ...rest } = schema as Schema & { allOf?: object[] };
  return {
    ...Object.assign({}, ...(allOf ?? []).map((part) => resolved(document, part))),
    ...rest,
    ...(items ? { items: resolved(document, items) } : {}),
    ...(properties
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, value]) => [name, resolved(document, value)]),
          ),
        }
      : {}),
  };
}

/** Every handler with the rule of its `@Access`, read from the controllers themselves. */
export function policyOf(app: TestApp): Map<string, AccessRule[] | undefined> {
  const [scanner, reflector] = [new MetadataScanner(), new Reflector()];
  const policy = new Map<string, AccessRule[] | undefined>();
  for (const { metatype } of app.app.get(DiscoveryService, { strict: false }).getControllers()) {
    if (!metatype) continue;
    const base: string = Reflect.getMetadata(PATH_METADATA, metatype);
    for (const name of scanner.getAllMethodNames(metatype.prototype)) {
      const handler = metatype.prototype[name];
      const path: string | undefined = Reflect.getMetadata(PATH_METADATA, handler);
      if (path === undefined) continue;
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler)] ?? '';
      const url = `/${base}/${path}`.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1');
      policy.set(
        `${method} ${url}`,
        reflector.getAllAndOverride(ACCESS_METADATA, [handler, metatype as never]),
      );
    }
  }
  return policy;
}
