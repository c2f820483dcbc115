import type { Locator } from '@playwright/test'
import { createPrompt, uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'

/** Clicks, and counts them: everything but typing. */
function hand() {
  const clicks: string[] = []
  return {
    clicks,
    click: async (name: string, target: Locator) => {
      await target.click()
      clicks.push(name)
    },
  }
}

const texts = (page: Page) => page.locator('[data-message] .cm-content')

test('22: a chat with four typed variables and a condition takes at most ten clicks, and no error', async ({
  page,
  request,
}) => {
  const { click, clicks } = hand()
  const title = `Complaint Answer ${uniqueName('x')}`
  await page.goto('/usage')
  await click('New prompt', page.getByRole('banner').getByRole('link', { name: 'New prompt' }))
  await expect(page.getByRole('textbox', { name: 'Title' })).toBeFocused()
  await page.keyboard.type(title)
  await click('Chat', page.getByText('Chat', { exact: true }))
  await click('the system message', texts(page).nth(0))
  await page.keyboard.insertText('You answer complaints in a {{ tone }} voice.')
  await click('the user message', texts(page).nth(1))
  await page.keyboard.insertText(
    '{% for order in orders %}{{ order.id }} {% endfor %}{{ refund | round: 2 }}{% if vip %} Offer more.{% endif %}',
  )
  const row = (name: string) => page.locator(`[data-variable-row="${name}"]`)
  await expect(row('vip')).toContainText('boolean')
  await expect(page.locator('.cm-lintRange-error')).toHaveCount(0)
  await click('the type of tone', page.getByRole('button', { name: /Type of tone/ }))
  await click('choice', page.getByRole('option', { name: 'choice' }))
  await expect(row('tone').getByRole('textbox', { name: 'Allowed values' })).toBeFocused()
  await page.keyboard.type('plain\nwarm')
  await expect(page.getByRole('region', { name: 'Problems' })).toContainText('No problems')
  await page.keyboard.press('Control+s')
  await expect(page.getByRole('checkbox', { name: 'production' })).toBeChecked()
  await expect(page.getByRole('checkbox', { name: 'staging' })).not.toBeChecked()
  await click('Save', page.getByRole('dialog').getByRole('button', { name: 'Save' }))
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
  expect(clicks.length, clicks.join(', ')).toBeLessThanOrEqual(10)

  const answer = await request.get(`/api${new URL(page.url()).pathname}`)
  expect(await answer.json()).toMatchObject({
    kind: 'chat',
    label: 'production',
    variables: [
      { name: 'tone', type: 'enum', required: true, enum: ['plain', 'warm'] },
      { name: 'orders', type: 'array', required: true },
      { name: 'refund', type: 'number', required: true },
      { name: 'vip', type: 'boolean', required: false },
    ],
  })
})

test('a first version can keep away from production, and a later one goes there by choice alone', {
  tag: '@full',
}, async ({ page, request }) => {
  const title = uniqueName('Kept')
  await page.goto('/prompts')
  await page.keyboard.press('n')
  await page.getByRole('textbox', { name: 'Title' }).fill(title)
  await page.locator('.cm-content').fill('Say {{ x }}.')
  await page.keyboard.press('Control+s')
  await page.getByRole('checkbox', { name: 'production' }).uncheck()
  await page.getByRole('checkbox', { name: 'staging' }).check()
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Editing v1, agents get nothing yet')).toBeVisible()
  const { pathname } = new URL(page.url())
  expect(await (await request.get(`/api${pathname}/labels`)).json()).toMatchObject({
    items: [{ label: 'staging', version: 1 }],
  })
  await page.locator('.cm-content').fill('Say {{ x }} now.')
  await page.keyboard.press('Control+s')
  await expect(page.getByRole('checkbox', { name: /production/ })).not.toBeChecked()
  await page.getByRole('checkbox', { name: /production/ }).check()
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.locator('#editor output').filter({ hasText: 'Version 2' })).toBeVisible()
})

test('Run asks a model for the draft as it stands, in place, after naming what is missing', async ({
  page,
  request,
}) => {
  const { name } = await createPrompt(request, {
    name: uniqueName('run'),
    template_content: 'Say {{ x }}.',
    config: { max_tokens: 5 },
  })
  await page.goto(`/prompts/${name}`)
  await page.getByRole('button', { name: /AI configuration/ }).click()
  await page.getByRole('option', { name: 'echo', exact: true }).click()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.locator('#value-x')).toBeFocused()
  await expect(page.getByText('It needs x first.')).toBeVisible()
  await page.keyboard.type('it')
  await expect(page.getByText('It needs x first.')).toBeHidden()
  await page.locator('.cm-content').fill('Whisper {{ x }} to {{ whom }}.')
  await page.locator('#value-whom').fill('nobody')
  await page.keyboard.press('Control+Enter')
  const answer = page.getByRole('region', { name: 'Answer of echo' })
  // The version's config lets the echo say five words.
  await expect(answer).toHaveText('This is the echo provider.')
  const section = page.getByRole('region', { name: 'Answer', exact: true })
  for (const fact of ['Latency', 'Tokens', 'Cost', 'Model', 'v1, edited'])
    await expect(section).toContainText(fact)
  const href = await section.getByRole('link', { name: 'v1, edited' }).getAttribute('href')
  await page.goto(href ?? '')
  const settings = page.getByRole('region', { name: 'How it was asked' })
  await expect(settings).toContainText('Most tokens5')
  await expect(page.getByRole('region', { name: 'What was sent' })).toContainText('Whisper it to nobody.')
})

test('Run on a new prompt makes it, for nobody else yet, and answers on its page', { tag: '@full' }, async ({
  page,
  request,
}) => {
  const title = uniqueName('First run')
  await page.goto('/prompts/new')
  await page.locator('.cm-content').fill('Say {{ x }} {{ y }}.')
  await page.getByRole('button', { name: /AI configuration/ }).click()
  await page.getByRole('option', { name: 'echo', exact: true }).click()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.locator('#value-x')).toBeFocused()
  await page.keyboard.type('hello')
  await page.locator('#value-y').fill('you')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('textbox', { name: 'Title' })).toBeFocused()
  await page.keyboard.type(title)
  await expect(page.getByText('free', { exact: true })).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Answer of echo' })).toContainText('Say hello you.')
  await expect(page.getByText('Editing v1, agents get nothing yet')).toBeVisible()
  const { pathname } = new URL(page.url())
  expect(await (await request.get(`/api${pathname}/labels`)).json()).toMatchObject({ items: [] })
})

test('in the playground a text is sent as it stands, and Markdown is laid out until somebody chooses', {
  tag: '@full',
}, async ({ page, request }) => {
  const { name } = await createPrompt(request, {
    name: uniqueName('literal'),
    template_content: '{{ x }}\n\n# Heading\n\n- one\n- two',
  })
  await page.goto(`/playground?prompt=${name}&configurations=echo`)
  const literal = page.getByRole('checkbox', { name: 'Literal text' })
  await literal.check()
  await expect(page.locator('#value-x')).toHaveCount(0)
  await page.keyboard.press('Control+Enter')
  const answer = page.locator('[data-answer]')
  await expect(answer.getByRole('heading', { name: 'Heading' })).toBeVisible()
  await expect(answer.getByRole('listitem')).toHaveText(['one', 'two'])
  await expect(answer).toContainText('{{ x }}')
  await expect(page.getByRole('link', { name: 'v1, edited' })).toBeVisible()

  await page.getByText('Plain', { exact: true }).click()
  await expect(answer).toContainText('# Heading')
  await page.reload()
  await expect(answer).toContainText('# Heading')
  await expect(literal).toBeChecked()
  await literal.uncheck()
  await expect(page.locator('#value-x')).toBeVisible()
})
