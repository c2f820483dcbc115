import { type ProviderDouble, startProviderDouble } from '#lib/testing/provider-double/server.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { expectNoViolations, THEMES } from './accessible.ts'
import { createConfiguration, createPrompt, uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'

let double: ProviderDouble
test.beforeAll(async () => {
  double = await startProviderDouble()
})
test.afterAll(async () => {
  await double.close()
})

const code = (page: Page) => page.getByRole('textbox', { name: 'Text', exact: true })
const column = (page: Page, name: string) => page.getByRole('listitem', { name, exact: true })
const answer = (page: Page, name: string) => column(page, name).locator('[data-answer]')
const fact = (page: Page, name: string, of: string) =>
  column(page, of).getByRole('term').filter({ hasText: name }).locator('xpath=following-sibling::dd[1]')

/** A configuration whose model the double plays: its name says how it answers. */
function modelled(request: Parameters<typeof createConfiguration>[0], model: string, more = {}) {
  const provider = { provider: 'openai-compatible', base_url: double.openaiUrl, model }
  return createConfiguration(request, { ...provider, ...more })
}

/** Goes to the playground of a new prompt, with these configurations. */
async function openPlayground(page: Page, configurations: string[], text = 'Say {{ x }}.') {
  const prompt = await createPrompt(page.request, { name: uniqueName('played'), template_content: text })
  await page.goto(`/playground?prompt=${prompt.name}&configurations=${configurations.join(',')}`)
  await expect(page.locator('[data-code-editor="ready"]').first()).toBeVisible()
  return prompt
}

test.describe('statement 8: the first token shows when it arrives, and Stop keeps the partial text', () => {
  test('text streams into its column; Stop acts within 300 ms', { tag: '@timed' }, async ({
    page,
    request,
  }) => {
    const name = await modelled(request, 'words-2000.every-40')
    await openPlayground(page, [name])
    await page.locator('#value-x').fill('something')
    await page.keyboard.press('Control+Enter')
    await expect(answer(page, name)).toContainText('word1')
    await expect(column(page, name)).toContainText('Running')
    await expect(answer(page, name)).toContainText('word20')
    const took = await timeUntilStopped(page, name)
    expect(took).toBeLessThan(300)
    const seen = (await answer(page, name).textContent()) ?? ''
    expect(seen).toContain('word20')
    // The provider's call ends, too, and what had arrived is what is kept.
    await expect.poll(() => double.abandoned).toBeGreaterThan(0)
    await expect(fact(page, 'Tokens', name)).toBeVisible()
    await expect(fact(page, 'First token', name)).toHaveText(/^\d/)
    await expect(answer(page, name)).toContainText('word20')
    await page.reload()
    await expect(answer(page, name)).toContainText('word20')
    await expect(column(page, name)).toContainText('Stopped')
  })

  test('Stop all stops every column, by keyboard too', { tag: '@full' }, async ({ page, request }) => {
    const names = [
      await modelled(request, 'words-2000.every-40'),
      await modelled(request, 'words-2000.every-45'),
    ]
    await openPlayground(page, names)
    await page.locator('#value-x').fill('something')
    await page.keyboard.press('Control+Enter')
    for (const name of names) await expect(answer(page, name)).toContainText('word3')
    await page.keyboard.press('Control+.')
    for (const name of names) await expect(column(page, name)).toContainText('Stopped')
    await expect(page.getByRole('button', { name: /^Stop/ })).toHaveCount(0)
  })
})

/** Milliseconds from the press of Stop until the page says that it has stopped, measured in the page. */
async function timeUntilStopped(page: Page, name: string): Promise<number> {
  const watch = await page.evaluateHandle((label) => {
    let start = 0
    const { promise, resolve } = Promise.withResolvers<number>()
    addEventListener('pointerdown', (event) => (start = event.timeStamp), { capture: true })
    const look = () => {
      const column = document.querySelector(`li[aria-label="${label}"]`)
      if (start > 0 && column?.textContent?.includes('Stopped')) resolve(performance.now() - start)
      else requestAnimationFrame(look)
    }
    look()
    return { promise }
  }, name)
  await column(page, name)
    .getByRole('button', { name: `Stop ${name}` })
    .click()
  return watch.evaluate(({ promise }) => promise)
}

test('statement 9: each run shows latency, tokens, cost, model and prompt version', async ({
  page,
  request,
}) => {
  const price = { input_price_per_million: 1000, output_price_per_million: 2000 }
  const name = await modelled(request, 'words-5.after-20', price)
  await openPlayground(page, [name])
  await page.locator('#value-x').fill('something')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(fact(page, 'Latency', name)).toHaveText(/^\d[\d.]* m?s$/)
  await expect(fact(page, 'First token', name)).toHaveText(/^\d[\d.]* m?s$/)
  await expect(fact(page, 'Tokens', name)).toHaveText(/^\d+ in, 5 out$/)
  await expect(fact(page, 'Cost', name)).toHaveText(/^\$0\.\d+$/)
  await expect(fact(page, 'Model', name)).toHaveText('words-5.after-20')
  await expect(fact(page, 'Prompt', name)).toHaveText('v1')
})

test('several configurations answer side by side; one that fails says why and is retried alone', async ({
  page,
  request,
}) => {
  const good = await modelled(request, 'words-3')
  const model = uniqueName('moody')
  double.arrange(model, { status: 401, message: 'The key was not accepted.' })
  const bad = await modelled(request, model)
  await openPlayground(page, [good, bad])
  await page.locator('#value-x').fill('something')
  await page.keyboard.press('Control+Enter')
  await expect(answer(page, good)).toHaveText('word1 word2 word3')
  await expect(column(page, bad)).toContainText('It failed.')
  await expect(column(page, bad)).toContainText('Failed')
  double.arrange(model, {})
  await column(page, bad)
    .getByRole('button', { name: `Retry ${bad}` })
    .click()
  await expect(answer(page, bad)).toHaveText('Hello from the provider double.')
  await page.getByRole('button', { name: 'Compare' }).click()
  const dialog = page.getByRole('dialog', { name: 'Two answers compared' })
  await expect(dialog.getByRole('table')).toContainText('word1')
  await expect(dialog.getByRole('table')).toContainText('provider double')
})

test('six answers come at the same time, more than a browser has streams for, and the best is marked', {
  tag: '@full',
}, async ({ page, request }) => {
  const names: string[] = []
  for (let each = 0; each < 6; each++) {
    const price = { input_price_per_million: 100 - each, output_price_per_million: 100 - each }
    names.push(await modelled(request, `words-40.every-25.after-${each}`, each < 3 ? price : {}))
  }
  await openPlayground(page, names)
  await page.locator('#value-x').fill('something')
  await page.keyboard.press('Control+Enter')
  for (const name of names) await expect(answer(page, name)).toContainText('word2')
  for (const name of names) await expect(answer(page, name)).toContainText('word40')
  for (const name of names) await expect(column(page, name)).toContainText('Succeeded')
  for (const [index, name] of names.entries())
    await expect(fact(page, 'Cost', name)).toHaveText(index === 2 ? /^\$0\.\d+best$/ : /^(\$0\.\d+|–)$/)

  // Not all fit beside the text: which do is said, and where there is more.
  const answers = page.getByRole('region', { name: 'Answers' })
  await expect(answers).toContainText('1–3 of 6')
  await expect(answers.locator('[data-more]')).toHaveAttribute('data-more', 'right')
  await answers.getByRole('list').evaluate((list) => list.scrollTo({ left: list.scrollWidth }))
  await expect(answers).toContainText('4–6 of 6')
  await expect(answers.locator('[data-more]')).toHaveAttribute('data-more', 'left')
  await page.getByRole('button', { name: 'Hide the text and values' }).click()
  await page.setViewportSize({ width: 1600, height: 800 })
  await expect(answers).not.toContainText('of 6')
  await expect(answers.locator('[data-more]')).toHaveCount(0)

  await page.getByRole('button', { name: 'Add a configuration' }).click()
  await expect(page.getByRole('menuitem').first()).toHaveAttribute('aria-disabled', 'true')
})

test.describe('statement 14: editor to playground and back keeps messages, model, variables', () => {
  test('an unsaved text and its values go along, both ways', async ({ page, request }) => {
    const name = await modelled(request, 'words-3')
    const { name: prompt } = await createPrompt(request, {
      name: uniqueName('there'),
      template_content: 'Say {{ x }}.',
    })
    await page.goto(`/prompts/${prompt}`)
    await expect(page.locator('[data-code-editor="ready"]')).toBeVisible()
    await page.locator('#value-x').fill('kept')
    await code(page).focus()
    await page.keyboard.press('Control+End')
    await page.keyboard.type(' From the editor.')
    await page.getByRole('link', { name: 'Playground' }).last().click()
    await expect(page).toHaveURL(`/playground?prompt=${prompt}`)
    await expect(code(page)).toHaveText('Say {{ x }}. From the editor.')
    await expect(page.locator('#value-x')).toHaveValue('kept')

    await page.getByRole('button', { name: 'Add a configuration' }).click()
    await page.getByRole('menuitem', { name }).click()
    await code(page).focus()
    await page.keyboard.press('Control+End')
    await page.keyboard.type(' And from here.')
    await page.keyboard.press('Control+Enter')
    await expect(answer(page, name)).toHaveText('word1 word2 word3')
    await expect(fact(page, 'Prompt', name)).toHaveText('v1, edited')
    expect(JSON.stringify(double.calls.at(-1)?.body)).toContain('Say kept. From the editor. And from here.')

    await page.getByRole('link', { name: 'To the editor' }).click()
    await expect(page).toHaveURL(`/prompts/${prompt}`)
    await expect(code(page)).toHaveText('Say {{ x }}. From the editor. And from here.')
    await expect(page.locator('#value-x')).toHaveValue('kept')
    await page.getByRole('link', { name: 'Playground' }).last().click()
    await expect(column(page, name)).toBeVisible()
    await expect(answer(page, name)).toHaveText('word1 word2 word3')
  })

  test('the messages of a chat, too', { tag: '@full' }, async ({ page, request }) => {
    const { name: prompt } = await createPrompt(request, {
      name: uniqueName('chat'),
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello {{ who }}' },
      ],
    })
    await page.goto(`/prompts/${prompt}`)
    const second = page.getByRole('textbox', { name: 'Message 2, user' })
    await second.focus()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('!')
    await page.getByRole('link', { name: 'Playground' }).last().click()
    await expect(page).toHaveURL(/^.*\/playground/)
    await expect(second).toHaveText('Hello {{ who }}!')
    await second.focus()
    await page.keyboard.press('Control+Home')
    await page.keyboard.type('Oh, ')
    await page.getByRole('link', { name: 'To the editor' }).click()
    await expect(second).toHaveText('Oh, Hello {{ who }}!')
  })
})

test('what works is saved as the next version, with a message', async ({ page, request }) => {
  const name = await modelled(request, 'words-3')
  const { name: prompt } = await openPlayground(page, [name])
  await code(page).fill('Say {{ x }} twice.')
  await page.locator('#value-x').fill('it')
  await page.getByRole('button', { name: 'Save as version' }).click()
  await page.getByRole('textbox', { name: 'Message' }).fill('Twice is better')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.locator('#editor output').filter({ hasText: 'Version 2' })).toBeVisible()
  const saved = await (await request.get(`/api/prompts/${prompt}?label=latest`)).json()
  expect(saved).toMatchObject({
    version: 2,
    message: 'Twice is better',
    template_content: 'Say {{ x }} twice.',
  })
  await page.keyboard.press('Control+Enter')
  await expect(fact(page, 'Prompt', name)).toHaveText('v2')
})

test('a missing value gets the focus before anything is run', async ({ page, request }) => {
  const name = await modelled(request, 'words-3')
  await openPlayground(page, [name])
  const before = double.calls.length
  await code(page).focus()
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('#value-x')).toBeFocused()
  await expect(column(page, name)).toContainText('Not run yet')
  expect(double.calls).toHaveLength(before)
})

test('a reload in the middle finds the answer again and goes on with it', async ({ page, request }) => {
  const name = await modelled(request, 'words-80.every-50')
  await openPlayground(page, [name])
  await page.locator('#value-x').fill('something')
  await page.keyboard.press('Control+Enter')
  await expect(answer(page, name)).toContainText('word3')
  await page.reload()
  await expect(answer(page, name)).toContainText('word1 word2 word3')
  await expect(answer(page, name)).toContainText('word80')
  await expect(column(page, name)).toContainText('Succeeded')
})

test('a version and a label can be chosen, and stand in the address', { tag: '@full' }, async ({
  page,
  request,
}) => {
  const name = await modelled(request, 'words-3')
  const { name: prompt } = await openPlayground(page, [name])
  await page.getByRole('button', { name: /Version/ }).click()
  await page.getByRole('option', { name: /^production/ }).click()
  await expect(page).toHaveURL(new RegExp(`prompt=${prompt}.*label=production`))
  await expect(page.getByRole('button', { name: /Version/ })).toContainText('production')
  await page.locator('#value-x').fill('it')
  await page.keyboard.press('Control+Enter')
  await expect(fact(page, 'Prompt', name)).toHaveText('v1 production')
  await page.getByRole('button', { name: `${prompt} Prompt` }).click()
  await page.getByRole('searchbox', { name: 'Search the prompts' }).fill('few_shot')
  await page.getByRole('menuitem', { name: /Few-shot/ }).click()
  await expect(page).toHaveURL(/prompt=few_shot/)
  await expect(page.locator('#value-task_description')).toBeVisible()
})

test.describe('statement 20: a streamed answer', () => {
  test('is announced at its end, and leaves the focus where it was', async ({ page, request }) => {
    const name = await modelled(request, 'words-30.every-30')
    await openPlayground(page, [name])
    await page.locator('#value-x').fill('something')
    const told: string[] = []
    await page.exposeFunction('tell', (text: string) => void told.push(text))
    await page.evaluate((label) => {
      const output = document.querySelector(`li[aria-label="${label}"] output`)
      const tell = (window as unknown as { tell: (text: string) => void }).tell
      if (output)
        new MutationObserver(() => tell(output.textContent ?? '')).observe(output, {
          childList: true,
          characterData: true,
          subtree: true,
        })
    }, name)
    await page.keyboard.press('Control+Enter')
    await expect(column(page, name)).toContainText('Succeeded')
    await expect(page.locator('#value-x')).toBeFocused()
    await expect.poll(() => told.at(-1)).toContain('has answered: word1')
    expect(told.length).toBeLessThanOrEqual(3)
  })
})

for (const colorScheme of THEMES)
  test.describe(`statement 20: in the ${colorScheme} theme`, { tag: '@full' }, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } })

    test('answers, failures, menus and a comparison have no accessibility violation', async ({
      page,
      request,
    }) => {
      const good = await modelled(request, 'words-30')
      const bad = await modelled(request, 'status-401')
      const slow = await modelled(request, 'words-2000.every-40')
      await openPlayground(page, [good, bad, 'echo', slow])
      await page.locator('#value-x').fill('something')
      await page.keyboard.press('Control+Enter')
      for (const name of [good, 'echo']) await expect(column(page, name)).toContainText('Succeeded')
      await expect(column(page, bad)).toContainText('It failed.')
      await expect(answer(page, slow)).toContainText('word3')
      await expectNoViolations(page)
      await page.keyboard.press('Control+.')
      await expect(column(page, slow)).toContainText('Stopped')
      await page.getByRole('button', { name: 'Add a configuration' }).click()
      await expect(page.getByRole('menuitem').first()).toBeVisible()
      await expectNoViolations(page)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: /Prompt$/ }).click()
      await expect(page.getByRole('menuitem').first()).toBeVisible()
      await expectNoViolations(page)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Compare' }).click()
      await expect(page.getByRole('dialog').getByRole('table')).toBeVisible()
      await expectNoViolations(page)
    })
  })

test.describe('a workspace of its own', () => {
  let app: RunningApp
  test.beforeAll(async () => {
    app = await startApp({ config: { ai: { echo: false } } })
  })
  test.afterAll(async () => {
    await app.stop()
  })

  test('without a configuration leads to where one is made', { tag: '@full' }, async ({ page }) => {
    await page.goto(`${app.url}/playground?prompt=zero_shot`)
    await expect(page.getByRole('heading', { name: 'Choose whom to ask' })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Set one up' })).toHaveAttribute('href', /^\/settings/)
  })
})

test('statement 18: without a prompt it offers one action and a sample, which the echo answers at once', {
  tag: '@full',
}, async ({ page }) => {
  await page.goto('/playground')
  await expect(page.getByRole('heading', { name: 'Run a prompt' })).toBeVisible()
  await page.getByRole('button', { name: 'Use a sample prompt' }).click()
  await expect(page).toHaveURL('/playground?prompt=release_note')
  await page.getByRole('button', { name: 'Use the examples' }).click()
  // What was used last stands there first, and that may be another one.
  await expect(page.getByRole('button', { name: /^Run \S/ }).first()).toBeVisible()
  if ((await column(page, 'echo').count()) === 0) {
    await page.getByRole('button', { name: 'Add a configuration' }).click()
    await page.getByRole('menuitem', { name: /^echo / }).click()
  }
  await page.getByRole('button', { name: 'Run echo' }).click()
  await expect(column(page, 'echo')).toContainText('not a model')
  await expect(answer(page, 'echo')).toContainText('This is the echo provider')
  await expect(column(page, 'echo')).toContainText('Succeeded')
})
