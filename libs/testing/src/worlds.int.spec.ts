import { Client } from 'pg';
import { worldForAll, worldForEach } from './worlds';

const happened: string[] = [];

/** Closing asks the server once more, so it fails where the server is gone before. */
class Notes {
  private constructor(private readonly client: Client) {}

  static async open(url: string): Promise<Notes> {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    await client.connect();
    await client.query('CREATE TABLE note (text text)');
    return new Notes(client);
  }

  async add(text: string): Promise<string[]> {
    await this.client.query('INSERT INTO note VALUES ($1)', [text]);
    return (await this.client.query<{ text: string }>('SELECT text FROM note ORDER BY text')).rows.map((row) => row.text);
  }

  async close(): Promise<void> {
    happened.push(`closed with ${(await this.add('closing')).join(', ')}`);
    await this.client.end();
  }
}

describe('worldForAll', () => {
  let notes: Notes;
  worldForAll(Notes.open, async (opened, url) => {
    notes = opened;
    happened.push(`given ${new URL(url).pathname}`);
    await notes.add('before');
  }, { beforeClose: () => happened.push('on top') });

  it('gives all tests one world', async () => {
    expect(await notes.add('one')).toEqual(['before', 'one']);
    expect(happened).toEqual(['given /test']);
  });

  it('keeps what an earlier test did', async () => {
    expect(await notes.add('two')).toEqual(['before', 'one', 'two']);
  });
});

describe('worldForEach', () => {
  let notes: Notes;
  worldForEach(Notes.open, (opened) => {
    notes = opened;
  }, { beforeClose: () => happened.push('on top') });

  it('comes after the world of all tests was closed, and its top before it', () => {
    expect(happened.splice(0)).toEqual(['given /test', 'on top', 'closed with before, closing, one, two']);
  });

  it('closes the world of each test, and its top before it', async () => {
    expect(happened.splice(0)).toEqual(['on top', 'closed with closing']);
    expect(await notes.add('three')).toEqual(['three']);
  });

  it('gives each test an empty database', async () => {
    expect(happened).toEqual(['on top', 'closed with closing, three']);
    expect(await notes.add('four')).toEqual(['four']);
  });
});
