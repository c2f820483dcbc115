import { describe, expect, it } from 'vitest'
import { describeError, scrub } from './log.ts'
import { threadMs } from './testing/time/processor-time.ts'

describe('scrub', () => {
  it.each([
    ['connect postgresql://incipit:hunter2@db/incipit failed', 'hunter2'],
    ['postgres://u:p%40ss@h/d', 'p%40ss'],
    ['key sk-ant-REDACTED was refused', 'abcdefghijkl'],
    ['key sk-proj-Ab_12345678-zz', 'Ab_12345678'],
    ['{"authorization":"Bearer eyJhbGciOiJIUzI1NiJ9.e30.abc="}', 'eyJhbGciOi'],
    ['key=gsk_1234567890abcdef', '1234567890abcdef'],
    ['AIzaSyA1234567890', 'SyA1234567890'],
    ['the key inc_3fGh7Kq2Lm9Np4Rs6Tu8Vw was used', 'Kq2Lm9'],
    ['the token incrt_3fGh7Kq2Lm9Np4Rs6Tu8Vw is unknown', 'Kq2Lm9'],
    ['{"authorization":"Basic dXNlcjpodW50ZXIy"}', 'dXNlcjpod'],
    ['{"headers":{"cookie":"__Host-incipit=abcdefghijk.lmn; a=b"}}', 'abcdefghijk'],
    ['{"set-cookie":["other=abcdefghijk; Path=/"]}', 'abcdefghijk'],
    ['told incipit-3000=abcdefghijk; Path=/', 'abcdefghijk'],
    ['told incipit-3000.two_factor=abcdefghijk', 'abcdefghijk'],
    ['open https://x.org/set-up#AbC-123_x to begin', 'AbC-123'],
    ['https://x.org/invitation#AbC-123_x', 'AbC-123'],
    ['http://localhost:3000/reset?next=/a#AbC-123_x', 'AbC-123'],
    ['{"newPassword":"hunter2"}', 'hunter2'],
    ['{"body":"{\\"client_secret\\":\\"hunter2\\"}"}', 'hunter2'],
    ['{"code_verifier":"hunter2"}', 'hunter2'],
    ['{"refresh_token":"abcdefghijk"}', 'abcdefghijk'],
    ['GET /api/auth/oauth2/callback/x?code=abc&state=def', 'abc'],
    ['POST /x?a=b&client_secret=hunter2', 'hunter2'],
    ['otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&issuer=y', 'JBSWY3DP'],
    ['id eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig', 'eyJzdWIi'],
  ])('takes the secret out of %j', (text, secret) => {
    expect(scrub(text)).not.toContain(secret)
    expect(scrub(text)).toContain('***')
  })

  /** A text within a JSON text, so many times. */
  const within = (text: string, times: number): string =>
    times === 0 ? text : within(JSON.stringify({ body: text, next: 'kept' }), times - 1)

  it.each([
    'abc"defSECRET',
    'abc\\defSECRET',
    'abc\\"defSECRET\\',
    'abc\\\\"\\ndefSECRET"',
    '"SECRET',
    'a\nSECRET',
  ])('takes all of %j, however often it was written into another text', (secret) => {
    for (const name of ['db_password', 'client_secret', 'refresh_token', 'cookie'])
      for (const times of [0, 1, 2, 3, 4]) {
        const long = name === 'refresh_token' ? `${secret}12345678` : secret
        const clean = scrub(within(JSON.stringify({ [name]: long, next: 'kept' }), times))
        expect(clean).not.toContain('SECRET')
        expect(JSON.parse(clean)).toMatchObject({ next: 'kept' })
        expect(clean.match(/kept/g)).toHaveLength(times + 1)
      }
  })

  it('stops where a text around it ends', () => {
    const cut = JSON.stringify({ body: '{"password":"hunter2', next: 'kept' })
    expect(scrub(cut)).toBe(JSON.stringify({ body: '{"password":"***', next: 'kept' }))
  })

  it.each([
    ['backslashes', '\\'],
    ['quotes with a backslash', '\\"'],
    ['letters', 'a'],
    ['beginnings', '"password\\":\\"'],
    ['names', '"password'],
    ['escaped letters', '\\n'],
  ])('takes no long time for many %s', (_, piece) => {
    const [short, long] = [50_000, 800_000].map((length) => {
      const text = `{"password":"${piece.repeat(length / piece.length)}`
      const escaped = `{\\\\\\"token\\\\\\":\\\\\\"${piece.repeat(length / piece.length)}`
      return threadMs(() => [text, escaped].map((each) => scrub(each)), 0)
    })
    // Sixteen times as long a text: what grew with the square would take 256 times as long.
    expect(long).toBeLessThan(Math.max(short ?? 0, 5) * 100)
  })

  it('throws at no length', () => {
    for (const piece of ['\\n', '\\"', 'a'])
      expect(scrub(`{"password":"${piece.repeat(4_000_000)}`)).toContain('***')
  })

  it('leaves other texts alone', () => {
    const texts = [
      'postgresql://localhost/incipit, sk- alone, task-management and bearer tokens',
      'Basic authentication is refused here, basic understanding',
      '{"code":"not_found","input_tokens":1234,"key":"limits.tokens","state":"local"}',
      'GET /set-up, /invitation and /reset/#, incipit=3, /docs#secret-links',
      '{"route":"/api/prompts/{name}","step":"secret","action":"secret.rotate","client":"incipit-cli"}',
    ]
    for (const text of texts) expect(scrub(text)).toBe(text)
  })
})

describe('describeError', () => {
  it('tells type, message, code and causes, and nothing that a driver hung on', () => {
    const cause = Object.assign(new Error('reset'), { code: 'ECONNRESET', client: { password: 'hunter2' } })
    const described = describeError(new Error('away', { cause }))
    expect(described).toMatchObject({ message: 'away', cause: { message: 'reset', code: 'ECONNRESET' } })
    expect(JSON.stringify(described)).not.toContain('hunter2')
  })
})
