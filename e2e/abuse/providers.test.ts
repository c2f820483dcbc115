import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ProviderDouble, startProviderDouble } from '#lib/testing/provider-double/server.ts'
import { type Accounts, expectJson, OWNER, signIn, startAccounts } from '../access/accounts.ts'
import { startApp } from '../start-app.ts'

/** Providers that are hostile or broken, and addresses that lead inside, against the production build. */

const C = '/api/ai/configurations'
const FIRST = 'the first secret of this server is long enough'
const SECRET = 'sk-planted-0123456789abcdef'

let double: ProviderDouble
let accounts: Accounts
beforeAll(async () => {
  double = await startProviderDouble()
  accounts = await startAccounts({
    env: { INCIPIT_SECRET: FIRST },
    config: {
      ai: {
        allowed_hosts: ['127.0.0.1'],
        first_token_ms: 1500,
        idle_ms: 1500,
        retries: 1,
        breaker_failures: 3,
        breaker_open_ms: 500,
        answer_length: 100_000,
      },
    },
  })
  const prompt = { name: 'asked', template_content: 'Say something.' }
  expectJson(await accounts.owner.call('POST', '/api/prompts', prompt), 201)
})
afterAll(async () => {
  await accounts.stop()
  await double.close()
})

interface Generation {
  id: string
  status: string
  text: string | null
  error: { code: string; message: string } | null
  configuration: { name: string }
  attempts: { configuration: string; error: { code: string } | null }[]
}

async function configure(name: string, model: string, more: object = {}): Promise<void> {
  const body = {
    name,
    provider: 'openai-compatible',
    model,
    base_url: double.openaiUrl,
    api_key: SECRET,
    ...more,
  }
  expectJson(await accounts.owner.call('POST', C, body), 201)
}

async function generate(configuration: string): Promise<Generation> {
  const answer = await accounts.owner.call('POST', '/api/generations', {
    prompt: 'asked',
    configuration,
    wait: 40,
  })
  return expectJson<Generation>(answer, 200)
}

describe('case 20: a base URL that leads inside', () => {
  it.each([
    'http://169.254.169.254/v1',
    'http://2852039166/v1',
    'http://0xa9fea9fe/v1',
    'http://[::ffff:169.254.169.254]/v1',
    'http://[::1]:5432/v1',
    'http://10.0.0.1/v1',
    'http://localhost:22/v1',
    'file:///etc/passwd',
    'http://user:pass@127.0.0.1/v1',
  ])('%s is refused when it is saved', async (base_url) => {
    const body = { name: 'inside', provider: 'openai-compatible', model: 'x', base_url }
    const answer = await accounts.owner.call('POST', C, body)
    expect([400, 422]).toContain(answer.status)
  })

  it('is not reached by a redirect', async () => {
    await configure('moved', 'redirect')
    double.arrange('redirect', { fault: 'redirect', message: 'http://169.254.169.254/latest' })
    const { status, error } = await generate('moved')
    expect(status).toBe('failed')
    expect(error?.message).not.toContain('latest')
  })
})

describe('case 21: a provider that answers badly', () => {
  it.each([
    ['hang', 'failed'],
    ['stall', 'failed'],
    ['garbage', 'failed'],
    ['html', 'failed'],
    ['flood-line', 'failed'],
    ['truncate', 'failed'],
  ])('%s: the generation is %s with the reason', async (model, status) => {
    await configure(`bad_${model.replace('-', '_')}`, model)
    const generation = await generate(`bad_${model.replace('-', '_')}`)
    expect(generation.status).toBe(status)
    expect(generation.error?.message).toMatch(/\w/)
  })

  it('with 100 MB of text is cut, and others are served meanwhile', async () => {
    await configure('flooding', 'flood')
    const list = async () => {
      const started = performance.now()
      expectJson(await accounts.owner.call('GET', '/api/prompts'), 200)
      return performance.now() - started
    }
    // What it takes here without the flood, on a machine that does other things as well.
    const alone = await list()
    const generating = generate('flooding')
    expect(await list()).toBeLessThan(1500 + 10 * alone)
    const { text } = await generating
    expect(text?.length ?? 0).toBeLessThanOrEqual(100_000)
  })
})

describe('case 22: a provider that refuses', () => {
  it.each(['status-429', 'status-500', 'hang'])(
    '%s: the fallback answers, and that is on record',
    async (model) => {
      const name = `refusing_${model.replace('-', '_')}`
      await configure(`${name}_next`, 'words-3')
      await configure(name, `${model}.${name}`, { fallback: `${name}_next` })
      const generation = await generate(name)
      expect(generation.status).toBe('succeeded')
      const whole = expectJson<Generation>(
        await accounts.owner.call('GET', `/api/generations/${generation.id}`),
        200,
      )
      expect(whole.attempts.map((attempt) => attempt.configuration)).toContain(`${name}_next`)
      expect(whole.attempts[0]?.error?.code).toMatch(/\w/)
    },
  )
})

describe('case 30: the key of a provider', () => {
  it('that a provider quotes is in no answer, log or audit row', async () => {
    await configure('quoting', 'quote-key')
    const generation = await generate('quoting')
    const audit = await accounts.owner.call('GET', '/api/audit?limit=200')
    const shown = await accounts.owner.call('GET', `${C}/quoting`)
    for (const text of [JSON.stringify(generation), audit.text, shown.text, accounts.app.output()])
      expect(text).not.toContain(SECRET)
  })

  it('is not opened by another secret: such an instance does not start, and says what to do', async () => {
    await configure('sealed', 'words-3')
    const database = accounts.app.databaseUrl ?? ''
    const wrong = { INCIPIT_SECRET: 'a secret that sealed nothing is long enough' }
    const refusal = await startApp({ database, env: wrong }).then(
      () => 'it started',
      (error: unknown) => String(error),
    )
    expect(refusal).toMatch(/another INCIPIT_SECRET.*INCIPIT_SECRET_PREVIOUS/s)
    expect(refusal).not.toContain(SECRET)
  })

  it('is readable with a new secret where the one before is named', async () => {
    const database = accounts.app.databaseUrl ?? ''
    const rotated = await startApp({
      database,
      config: { ai: { allowed_hosts: ['127.0.0.1'] } },
      env: {
        INCIPIT_SECRET: 'the second secret of this server is long enough',
        INCIPIT_SECRET_PREVIOUS: FIRST,
      },
    })
    try {
      const owner = await signIn(rotated, OWNER)
      const answer = await owner.call('POST', `${C}/sealed/test`, { text: 'Hello' })
      expect(answer).toMatchObject({ status: 200, json: { text: expect.stringContaining('word1') } })
    } finally {
      await rotated.stop()
    }
  })
})
