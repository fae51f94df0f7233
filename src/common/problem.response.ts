import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { Out } from './fields/response.fields.js';
import { PROBLEMS, type ProblemCode } from './problem.catalogue.js';

class ViolationResponse {
  @Out.text({ description: 'JSON pointer to the field', example: '/customer/phone' }) pointer!: string;
  @Out.text({ description: 'The violated rule' }) code!: string;
  @Out.text() detail!: string;
}

/** RFC 9457 problem document: the body of every refusal. */
export class ProblemResponse {
  @Out.text({
    description: 'A page that says what the code means',
    example: 'http://localhost:3000/problems/not-found',
  })
  type!: string;
  @Out.text() title!: string;
  @Out.int() status!: number;
  @Out.text() detail!: string;
  @Out.text({ description: 'The path that was asked for' }) instance!: string;
  @Out.text({ description: 'Permanent, for programs' }) code!: string;
  @Out.text() requestId!: string;
  @Out.list(() => ViolationResponse, { optional: true }) errors?: ViolationResponse[];
}

const REFUSES_METADATA = 'lawrei:refuses';
/** Where @nestjs/swagger keeps the documented answers of a route. */
const SWAGGER_RESPONSES = 'swagger/apiResponse';

/**
 * Documents the codes a route can refuse with, grouped by status. On a class it counts for each of its routes; several
 * on one route add up.
 */
export function Refuses(...codes: [ProblemCode, ...ProblemCode[]]): ClassDecorator & MethodDecorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => {
    if (key !== undefined && descriptor) return addRefusals(codes, target, key, descriptor);
    if (typeof target !== 'function') return;
    for (const [name, method] of Object.entries(Object.getOwnPropertyDescriptors(target.prototype))) {
      const isRoute = typeof method.value === 'function' && Reflect.hasMetadata('path', method.value);
      if (isRoute) addRefusals(codes, target.prototype, name, method);
    }
  };
}

function addRefusals(
  codes: readonly ProblemCode[],
  target: object,
  key: string | symbol,
  descriptor: PropertyDescriptor,
): void {
  const known: ProblemCode[] = Reflect.getMetadata(REFUSES_METADATA, descriptor.value) ?? [];
  const all = [...new Set([...known, ...codes])];
  Reflect.defineMetadata(REFUSES_METADATA, all, descriptor.value);
  forgetStatuses(known, descriptor);
  ApiExtraModels(ProblemResponse)(target, key, descriptor);
  for (const [status, of] of Map.groupBy(all, (code) => PROBLEMS[code].status)) {
    ApiResponse({
      status,
      description: of.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('; '),
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemResponse) } } },
    })(target, key, descriptor);
  }
}

/** Swagger would append a second description of a status to the first one. */
function forgetStatuses(codes: readonly ProblemCode[], descriptor: PropertyDescriptor): void {
  const said: Record<string, unknown> = { ...Reflect.getMetadata(SWAGGER_RESPONSES, descriptor.value) };
  for (const code of codes) delete said[PROBLEMS[code].status];
  Reflect.defineMetadata(SWAGGER_RESPONSES, said, descriptor.value);
}
