import { request as httpRequest } from 'node:http'
import { expect, test } from './test.ts'

/** One plain request with a Host header of one's own, which browsers do not allow. */
async function statusFor(url: string, host: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
  httpRequest(url, { headers: { host } }, (response) => {
    response.resume()
    resolve(response.statusCode)
  })
    .on('error', reject)
    .end()
  return promise
}

test.describe('pages', () => {
  test('run under a strict Content-Security-Policy that nothing on them breaks', async ({ page }) => {
    const broken: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') broken.push(message.text())
    })
    page.on('pageerror', (error) => broken.push(error.message))
    const response = await page.goto('/prompts?q=few_shot')
    const policy = response?.headers()['content-security-policy'] ?? ''
    expect(policy).toMatch(/script-src 'self' 'nonce-\w{32}' 'strict-dynamic';/)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe-eval')
    await page.getByRole('button', { name: 'Theme', exact: true }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Few-shot' }).click()
    await page.getByRole('button', { name: 'Use the examples' }).click()
    await expect(page.locator('[data-rendered]').first()).toBeVisible()
    await page.getByRole('button', { name: 'Copy as' }).click()
    expect(broken).toEqual([])
  })

  test('get a nonce of their own, and the other headers', async ({ request }) => {
    const [one, two] = await Promise.all([request.get('/prompts'), request.get('/prompts')])
    expect(one.headers()['content-security-policy']).not.toBe(two.headers()['content-security-policy'])
    expect(one.headers()['x-content-type-options']).toBe('nosniff')
    expect(one.headers()['referrer-policy']).toBe('strict-origin-when-cross-origin')
    expect(one.headers()['x-powered-by']).toBeUndefined()
  })

  test('are refused under a host name that is not theirs', async ({ baseURL }) => {
    expect(await statusFor(`${baseURL}/prompts`, 'evil.example')).toBe(403)
    expect(await statusFor(`${baseURL}/prompts`, 'localhost:1')).toBe(200)
  })
})
