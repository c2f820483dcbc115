import { expectNoViolations } from './accessible.ts'
import { createPrompt, generate, uniqueName } from './api.ts'
import { makePrompt, rows, withProvider, x } from './generated.ts'
import { expect, test } from './test.ts'

const { modelled } = withProvider()

test.describe('the list of generations', () => {
  test('shows what comes and how it ends, without being asked again', async ({ page, request }) => {
    const { name: prompt } = await makePrompt(request)
    const configuration = await modelled(request, 'words-60.every-50')
    await page.goto(`/prompts/${prompt}/generations`)
    await expect(page.getByRole('heading', { name: 'Nothing generated yet' })).toBeVisible()
    await generate(request, { prompt, configuration: 'echo', ...x })
    await page.reload()
    await expect(rows(page)).toHaveCount(1)
    await request.post('/api/generations', { data: { prompt, configuration, ...x } })
    await expect(rows(page)).toHaveCount(2, { timeout: 20_000 })
    await expect(rows(page).first()).toContainText('Succeeded', { timeout: 20_000 })
    await expect(rows(page).first()).toContainText('word1')
  })

  test('17: filters live in the URL, and Back restores them', { tag: '@full' }, async ({ page, request }) => {
    const { name: prompt } = await makePrompt(request)
    const bad = await modelled(request, 'status-401')
    await generate(request, { prompt, configuration: 'echo', ...x })
    await generate(request, { prompt, configuration: bad, ...x })
    await page.goto('/generations')
    await page
      .getByRole('button', { name: /Prompt/ })
      .first()
      .click()
    await page.getByRole('searchbox', { name: 'Search the prompts' }).fill(prompt)
    await page.getByRole('menuitem', { name: prompt }).click()
    await expect(page).toHaveURL(`/generations?prompt=${prompt}`)
    await expect(rows(page)).toHaveCount(2)
    await page.getByRole('button', { name: /Status/ }).click()
    await page.getByRole('option', { name: 'Failed' }).click()
    await expect(page).toHaveURL(`/generations?prompt=${prompt}&status=failed`)
    await expect(rows(page)).toHaveCount(1)
    await expect(rows(page)).toContainText(bad)
    await page.reload()
    await expect(rows(page)).toHaveCount(1)
    await page.goBack()
    await expect(page).toHaveURL(`/generations?prompt=${prompt}`)
    await expect(rows(page)).toHaveCount(2)
    await page.getByRole('button', { name: /Configuration/ }).click()
    await page.getByRole('option', { name: 'echo', exact: true }).click()
    await expect(rows(page)).toHaveCount(1)
    await page.getByRole('button', { name: 'Clear' }).click()
    await expect(page).toHaveURL('/generations')
  })

  test('a prompt is chosen by Enter when the answer is there, and none that an earlier text found', async ({
    page,
    request,
  }) => {
    // By a word of its text: none of those that stand there before is called like it.
    const word = uniqueName('quagga')
    const { name: prompt } = await createPrompt(request, {
      name: uniqueName('chosen'),
      template_content: `Tell of a ${word}.`,
    })
    await page.goto('/generations')
    await page
      .getByRole('button', { name: /Prompt/ })
      .first()
      .click()
    await expect(page.getByRole('menuitem').first()).toBeVisible()
    const late = Promise.withResolvers<void>()
    await page.route(/\/api\/prompts\?.*q=/, (route) => late.promise.then(() => route.continue()))
    await page.getByRole('searchbox', { name: 'Search the prompts' }).fill(word)
    await page.keyboard.press('Enter')
    await expect(page.getByText('Searching…')).toBeVisible()
    late.resolve()
    await expect(page.getByRole('menuitem', { name: prompt, exact: true })).toHaveAttribute(
      'data-focused',
      'true',
    )
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(`/generations?prompt=${prompt}`)
  })

  test('20: is walked through and opened by keyboard', async ({ page, request }) => {
    const { name: prompt } = await makePrompt(request)
    for (const value of ['one', 'two', 'three'])
      await generate(request, { prompt, configuration: 'echo', variables: { x: value } })
    await page.goto(`/prompts/${prompt}/generations`)
    const links = rows(page).getByRole('link')
    await links.first().focus()
    await page.keyboard.press('j')
    await expect(links.nth(1)).toBeFocused()
    await page.keyboard.press('End')
    await expect(links.nth(2)).toBeFocused()
    await page.keyboard.press('k')
    await expect(links.nth(1)).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/\/generations\/[0-9a-f-]{36}$/)
    await expect(page.getByRole('region', { name: 'Text of the answer' })).toContainText('Say two.')
  })
})

const MARKDOWN = `Found:

## Findings

- **one** of many
- [x] checked

| name | count |
|------|-------|
| a    | 1     |

<b>as it is</b> ![chart](https://example.org/chart.png) [more](javascript:alert(1))`

test.describe('a generation', () => {
  test('shows its answer as it is, or as the Markdown that it is, and remembers which', {
    tag: '@full',
  }, async ({ page, request }) => {
    const { name: prompt } = await createPrompt(request, {
      name: uniqueName('markdown'),
      template_content: MARKDOWN,
    })
    const { id } = await generate(request, { prompt, configuration: 'echo' })
    await page.goto(`/generations/${id}`)
    const answer = page.getByRole('region', { name: 'Text of the answer' })
    // What has headings and tables is laid out until somebody chooses.
    await expect(answer.getByRole('heading', { name: 'Findings', level: 3 })).toBeVisible()
    await expect(answer.getByRole('cell', { name: 'a', exact: true })).toBeVisible()
    await expect(answer.getByRole('listitem').last()).toContainText('☑')
    // Nothing of it is markup of the page, nothing is fetched, nothing runs.
    await expect(answer).toContainText('<b>as it is</b> [chart: https://example.org/chart.png]')
    await expect(answer.getByText('more')).not.toHaveAttribute('href', /javascript/)
    await expectNoViolations(page)
    await page.getByRole('radio', { name: 'Plain' }).click()
    await expect(answer).toContainText('## Findings')
    await page.reload()
    await expect(answer).toContainText('## Findings')
    await page.getByRole('radio', { name: 'Formatted' }).click()
    await expect(answer.getByRole('heading', { name: 'Findings', level: 3 })).toBeVisible()
  })
})

test.describe('20: a batch', () => {
  test('tells its progress in words and a bar, and can be stopped', async ({ page, request }) => {
    const { name: prompt } = await makePrompt(request)
    const configuration = await modelled(request, 'words-20.every-100')
    const inputs = Array.from({ length: 200 }, (_, index) => ({ variables: { x: String(index) } }))
    const made = await request.post('/api/generations/batch', {
      data: { prompt, inputs, configurations: [configuration] },
    })
    expect(made.status()).toBe(202)
    await page.goto(`/prompts/${prompt}/generations`)
    const bar = page.getByRole('progressbar', { name: prompt })
    await expect(bar).toHaveAttribute('aria-valuetext', /waiting|running/)
    await expect(bar).toHaveAttribute('aria-valuetext', /succeeded/, { timeout: 30_000 })
    await page.getByRole('button', { name: 'Show it alone' }).click()
    await expect(page).toHaveURL(/batch=/)
    await page.getByRole('button', { name: 'Stop the rest' }).click()
    await expect(bar).toHaveAttribute('aria-valuetext', /stopped/, { timeout: 30_000 })
    await expect(page.getByRole('button', { name: /Stop/ })).toHaveCount(0, { timeout: 30_000 })
  })
})

test.describe('a generation', () => {
  test('8: streams while it runs, and Stop keeps what has arrived', async ({ page, request }) => {
    const { name: prompt } = await makePrompt(request)
    const configuration = await modelled(request, 'words-2000.every-40')
    const response = await request.post('/api/generations', { data: { prompt, configuration, ...x } })
    const { id } = (await response.json()) as { id: string }
    await page.goto(`/generations/${id}`)
    const text = page.locator('[data-answer]')
    await expect(text).toContainText('word5')
    await page.getByRole('button', { name: 'Stop' }).click()
    await expect(page.getByRole('status').filter({ hasText: /^Stopped$/ })).toBeVisible()
    await expect(text).toContainText('word5')
    await expect(page.getByRole('button', { name: 'Run again', exact: true })).toBeVisible()
    const stored = (await (await request.get(`/api/generations/${id}`)).json()) as { text: string }
    expect(stored.text.trim()).toBe((await text.textContent())?.trim())
  })

  test('26: why it was slow stands on its page: queue, waits, first token and speed, beside the usual', {
    tag: '@full',
  }, async ({ page, request }) => {
    const { name: prompt } = await makePrompt(request)
    const configuration = await modelled(request, 'words-8.every-5')
    const runs: string[] = []
    for (let count = 0; count < 4; count += 1)
      runs.push((await generate(request, { prompt, configuration, ...x })).id)
    await page.goto(`/generations/${runs.at(-1)}`)
    const spent = page.getByRole('table', { name: 'What the time was spent on' })
    await expect(spent.getByRole('rowheader').first()).toHaveText('Queued')
    await expect(spent.getByRole('rowheader').filter({ hasText: 'Attempt 1' })).toHaveCount(1)
    const facts = page.getByRole('region', { name: 'Facts' })
    const fact = (name: string) =>
      facts.getByRole('term').filter({ hasText: name }).locator('xpath=following-sibling::dd[1]')
    await expect(fact('Total')).toHaveText(/^\d/)
    for (const name of ['Queue', 'First token', 'Tokens a second'])
      await expect(fact(name)).toHaveText(/^\S.* usual \S/)
  })

  test('that failed begins with why and what to do, and tells how long it took', async ({
    page,
    request,
  }) => {
    const { name: prompt } = await makePrompt(request)
    const configuration = await modelled(request, 'status-401')
    const { id } = await generate(request, { prompt, configuration, ...x })
    await page.goto(`/generations/${id}`)
    const failed = page.getByRole('region', { name: 'It failed' })
    await expect(failed).toContainText('Check the key of the configuration')
    await expect(failed.getByRole('link', { name: 'To the configurations' })).toHaveAttribute(
      'href',
      '/settings/ai',
    )
    await expect(page.getByText('There is no text.')).toHaveCount(0)
    await expect(page.getByRole('region', { name: 'Facts' })).toContainText(/Total\d/)
    await page.goto('/settings/ai')
    await expect(page.locator(`[data-configuration="${configuration}"]`)).toContainText(
      'The last attempt failed',
    )
  })

  test('tells who was asked, why the next was, and what was sent', { tag: '@full' }, async ({
    page,
    request,
  }) => {
    const { name: prompt } = await makePrompt(request)
    const second = await modelled(request, 'words-3')
    const first = await modelled(request, 'status-401', { fallback: second })
    const { id } = await generate(request, { prompt, configuration: first, ...x })
    await page.goto(`/generations/${id}`)
    const attempts = page.getByRole('region', { name: 'Attempts' })
    await expect(attempts.getByRole('listitem').filter({ has: page.getByRole('heading') })).toHaveCount(2)
    await expect(attempts).toContainText(`Instead of ${first}, which failed`)
    await expect(attempts).toContainText('Answered')
    await expect(page.getByRole('region', { name: 'What was sent' })).toContainText('Say it.')
    await expect(page.getByRole('region', { name: 'Configuration as it was' })).toContainText('status-401')
    await page.getByRole('link', { name: 'version 1' }).click()
    await expect(page).toHaveURL(`/prompts/${prompt}?version=1`)
  })

  test('is run again, with the same configuration and with another', { tag: '@full' }, async ({
    page,
    request,
  }) => {
    const { name: prompt } = await makePrompt(request)
    const other = await modelled(request, 'words-3')
    const { id } = await generate(request, { prompt, configuration: 'echo', ...x })
    await page.goto(`/generations/${id}`)
    await page.getByRole('button', { name: 'Run again', exact: true }).click()
    await expect(page).not.toHaveURL(`/generations/${id}`)
    await expect(page.getByRole('link', { name: 'run again from an earlier one' })).toHaveAttribute(
      'href',
      `/generations/${id}`,
    )
    await expect(page.locator('[data-answer]')).toContainText('Say it.')
    await page.getByRole('button', { name: 'Run it again with another configuration' }).click()
    await page.getByRole('menuitem', { name: other }).click()
    await expect(page.locator('[data-answer]')).toHaveText('word1 word2 word3')
  })

  test('14: opens in the playground with its text, values and configuration', { tag: '@full' }, async ({
    page,
    request,
  }) => {
    const { name: prompt } = await makePrompt(request)
    const draft = { template_content: 'Shout {{ x }}!', variables: ['x'] }
    const { id } = await generate(request, { prompt, configuration: 'echo', ...x, draft })
    await page.goto(`/generations/${id}`)
    await expect(page.getByText('edited, not saved')).toBeVisible()
    await page.getByRole('link', { name: 'Open in the playground' }).click()
    await expect(page).toHaveURL(`/playground?prompt=${prompt}&configurations=echo`)
    await expect(page.getByRole('textbox', { name: 'Text', exact: true })).toHaveText('Shout {{ x }}!')
    await expect(page.locator('#value-x')).toHaveValue('it')
    await expect(page.getByRole('listitem', { name: 'echo', exact: true })).toBeVisible()
  })

  test('that is not there says so', { tag: '@full' }, async ({ page }) => {
    for (const id of ['019abc00-0000-7000-8000-000000000001', 'nonsense']) {
      await page.goto(`/generations/${id}`)
      await expect(page.getByRole('heading', { name: 'No such generation' })).toBeVisible()
      await expect(page.getByRole('link', { name: 'All generations' })).toBeVisible()
    }
  })
})
