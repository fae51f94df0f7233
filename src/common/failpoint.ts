/** Named places at which a crash test stops the process; see test/prove. */
export type Failpoint =
  | 'booking.before-commit'
  | 'booking.after-commit'
  | 'outbox.after-claim'
  | 'message.after-begin'
  | 'message.after-call'
  | 'message.before-settle'
  | 'outbox.before-settle'
  | 'outbox.after-settle'
  | 'payment.before-create'
  | 'payment.after-create'
  | 'payment.before-settle'
  | 'refund.before-call'
  | 'refund.after-call'
  | 'refund.before-settle'
  | 'calendar.before-call'
  | 'calendar.after-call'
  | 'calendar.before-settle'
  | 'calendar.between-pages'
  | 'calendar.before-apply';

type Hook = (point: Failpoint) => void;

let hook: Hook | null = null;

/** Installs what happens at a failpoint; only the crash harness does. */
export function installFailpoints(installed: Hook | null): void {
  hook = installed;
}

/** Marks a place where a crash must do no harm; nothing happens unless a harness is installed. */
export function failpoint(point: Failpoint): void {
  hook?.(point);
}
