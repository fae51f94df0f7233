/** Where an error happened, by ids and names that say nothing of people. */
export type ErrorContext = Readonly<Record<string, string>>;

type Listener = (error: unknown, context: ErrorContext) => void;

let listener: Listener | null = null;

/** Who is told of errors that nobody foresaw; one for each process, null for nobody. */
export function onErrorReports(next: Listener | null): void {
  listener = next;
}

/** Tells of an error that a person should look at. The log says it as well; this goes where errors are collected. */
export function reportError(error: unknown, context: ErrorContext): void {
  listener?.(error, context);
}
