import { READS, THROTTLED, type Refusal } from './quota';

const ASKED_MS = 2_000;
const SECOND_MS = 1_000;
/** Calls that were under way when the first of them was refused still come. */
const UNDER_WAY_MS = 250;

/** What stands in Retry-After, and until when it asks to wait; none: the header is not there. Past times ask for nothing. */
interface Said {
  readonly header?: string;
  readonly until: number;
}
export type Form = (now: number) => Said;

/** A date says whole seconds. */
const dated = (write: (at: Date) => string): Form => (now) => {
  const until = Math.ceil((now + ASKED_MS) / SECOND_MS) * SECOND_MS;
  return { header: write(new Date(until)), until };
};
const nothing = (header?: string): Form => (now) => ({ ...(header === undefined ? {} : { header }), until: now });
const seconds = (header: string): Form => (now) => ({ header, until: now + Number(header) * SECOND_MS });

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
function parts(at: Date): { readonly day: string; readonly of: string; readonly month: string; readonly year: string; readonly time: string } {
  const [, of = '', month = '', year = '', time = ''] = at.toUTCString().split(' ');
  return { day: DAYS[at.getUTCDay()] ?? '', of, month, year, time };
}

/** All forms of the header (RFC 9110, section 10.2.3) and what servers send beside them. */
export const FORMS: Readonly<Record<string, Form>> = {
  seconds: seconds('2'),
  'a fraction': seconds('1.5'),
  'IMF-fixdate': dated((at) => at.toUTCString()),
  'RFC 850': dated((at) => {
    const { day, of, month, year, time } = parts(at);
    return `${day}, ${of}-${month}-${year.slice(2)} ${time} GMT`;
  }),
  asctime: dated((at) => {
    const { day, of, month, year, time } = parts(at);
    return `${day.slice(0, 3)} ${month} ${String(Number(of)).padStart(2)} ${time} ${year}`;
  }),
  'no time': nothing('0'),
  'a date that is over': nothing('Wed, 21 Oct 2015 07:28:00 GMT'),
  'a negative number': nothing('-5'),
  words: nothing('soon'),
  'an empty text': nothing(''),
  'no header': nothing(),
};
/** Longer than a number can be. */
export const ABSURD: Form = (now) => ({ header: '9'.repeat(400), until: now + 3_600 * SECOND_MS });

/**
 * A cloud that lets so many writes a second through, and so many at once that were not used before, and beside that asks to wait again and again, each time in
 * another form. It judges whether a write comes though that was asked.
 */
export class AsksToWait {
  /** Of the names of what was made. */
  readonly taken: string[] = [];
  refused = 0;
  /** How often it asked in each form. */
  readonly asked = new Map<string, number>();
  /** Writes that came before the time that the answers before them had asked for. */
  tooEarly = 0;
  /** When the first write came. */
  began: number | undefined;
  /** Whether callers are told what is asked of them. */
  tells = true;
  /** In this form alone from now on. */
  only: Form | undefined;
  private tokens: number;
  private filledAt = Date.now();
  private nextAsk = Infinity;
  private turn = 0;
  private asking = { since: 0, until: 0, said: undefined as Said | undefined };

  constructor(private readonly options: { readonly perSecond: number; readonly burst: number; readonly askEveryMs: number }) {
    this.tokens = options.burst;
  }

  /** The answer for a call that is not let through. */
  refuse(operation: string, parameters: URLSearchParams): Refusal | undefined {
    if (READS.test(operation)) return undefined;
    const { perSecond, burst, askEveryMs } = this.options;
    const now = Date.now();
    if (this.began === undefined) [this.began, this.nextAsk] = [now, now + askEveryMs];
    if (now < this.asking.until) return this.again(now);
    this.tokens = Math.min(burst, this.tokens + ((now - this.filledAt) / SECOND_MS) * perSecond);
    this.filledAt = now;
    if (this.only !== undefined) return this.ask('the only one', this.only, now);
    if (now >= this.nextAsk) {
      this.nextAsk = now + askEveryMs;
      const names = Object.keys(FORMS);
      const name = names[this.turn++ % names.length] ?? '';
      return this.ask(name, FORMS[name] ?? nothing(), now);
    }
    if (this.tokens < 1) return this.ask('seconds', FORMS['seconds'] ?? nothing(), now);
    this.tokens -= 1;
    this.taken.push(parameters.get('UserName') ?? '');
    return undefined;
  }

  private ask(name: string, form: Form, now: number): Refusal {
    const said = form(now);
    this.asked.set(name, (this.asked.get(name) ?? 0) + 1);
    this.asking = { since: now, until: said.until, said };
    return this.answer(said);
  }

  /** It was asked to wait already. */
  private again(now: number): Refusal {
    if (now - this.asking.since > UNDER_WAY_MS) this.tooEarly += 1;
    return this.answer(this.asking.said ?? { until: now });
  }

  private answer({ header }: Said): Refusal {
    this.refused += 1;
    return { status: 429, headers: { 'content-type': 'text/xml', ...(this.tells && header !== undefined ? { 'retry-after': header } : {}) }, body: THROTTLED };
  }
}
