export type Oracle = 'settles' | 'agrees' | 'nothing twice' | 'foreign untouched' | 'order' | 'no write without a difference' | 'one owner' | 'intent before create' | 'told the truth' | 'jobs answered' | 'retries' | 'paused' | 'guard' | 'observed only' | 'triggers' | 'plans' | 'direction' | 'boundary' | 'imports' | 'first';

export interface Violation {
  readonly oracle: Oracle;
  readonly words: string;
}
