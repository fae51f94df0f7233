import { Out } from '../../common/fields/response.fields.js';
import { PROBLEMS, type ProblemCode } from '../../common/problem.catalogue.js';

/** What a code of a refusal means and what to do about it. */
export class ProblemKindResponse {
  @Out.text({ example: 'slot-unavailable' }) code!: ProblemCode;
  @Out.int({ example: 409 }) status!: number;
  @Out.text() title!: string;
  @Out.text() remedy!: string;

  static of(code: ProblemCode): ProblemKindResponse {
    return Object.assign(new ProblemKindResponse(), { code, ...PROBLEMS[code] });
  }
}
