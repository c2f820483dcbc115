import { createPrompt, createVersion, uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'

const code = (page: Page, name: string | RegExp = 'Text') => page.getByRole('textbox', { name })
const problems = (page: Page) => page.getByRole('region', { name: 'Problems' })
const status = (page: Page) => page.locator('#editor output').filter({ hasText: /Unsaved|Version|Editing/ })

async function openEditor(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await expect(page.locator('[data-code-editor="ready"]').first()).toBeVisible()
}

/** Types at the end of the text. */
async function append(page: Page, text: string, name: string | RegExp = 'Text'): Promise<void> {
  await code(page, name).focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.type(text)
}

async function saveWith(page: Page, message: string): Promise<void> {
  await page.keyboard.press('Control+s')
  await page.getByRole('textbox', { name: 'Message' }).fill(message)
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
}

/** Milliseconds from a key to when the page shows something, measured in the page itself. */
async function timeUntilShown(page: Page, key: string, selector: string): Promise<number> {
  const watch = await page.evaluateHandle((wanted) => {
    let start = 0
    const { promise, resolve } = Promise.withResolvers<number>()
    addEventListener('keydown', (event) => (start = event.timeStamp), { capture: true })
    const look = () => {
      if (start > 0 && document.querySelector(wanted) !== null) resolve(performance.now() - start)
      else requestAnimationFrame(look)
    }
    look()
    return { promise }
  }, selector)
  await page.keyboard.press(key)
  return watch.evaluate(({ promise }) => promise)
}

test.describe('statement 1: unsaved text stays', () => {
  test('when somebody looks at other windows and pages, and a new version is saved meanwhile', async ({
    page,
    request,
  }) => {
    const prompt = await createPrompt(request, { name: uniqueName('stay'), template_content: 'Old.' })
    await openEditor(page, `/prompts/${prompt.name}`)
    await append(page, ' Mine.')
    const other = await page.context().newPage()
    await other.goto('/prompts')
    await other.bringToFront()
    await createVersion(request, prompt, { template_content: 'Theirs.' })
    await other.close()
    await page.bringToFront()
    await expect(page.getByText(/saved version 2/)).toBeVisible()
    await expect(code(page)).toHaveText('Old. Mine.')
    await page.getByRole('button', { name: 'Properties' }).click()
    await page.getByRole('textbox', { name: 'Tags' }).fill('mine')
    await page.getByRole('button', { name: 'Apply' }).click()
    await expect(page.getByRole('link', { name: '#mine' })).toBeVisible()
    await expect(code(page)).toHaveText('Old. Mine.')
  })

  test('when another tab of the prompt is looked at and the draft is kept', { tag: '@full' }, async ({
    page,
    request,
  }) => {
    const { name } = await createPrompt(request, { name: uniqueName('tabs'), template_content: 'Old.' })
    await openEditor(page, `/prompts/${name}`)
    await append(page, ' Mine.')
    await page.getByRole('link', { name: 'Versions' }).click()
    await page.getByRole('button', { name: 'Leave, keep the draft' }).click()
    await expect(page).toHaveURL(`/prompts/${name}/versions`)
    await page.getByRole('link', { name: 'Editor' }).click()
    await expect(code(page)).toHaveText('Old. Mine.')
  })
})

test.describe('statement 2: leaving a dirty editor asks, and a reload offers the draft', () => {
  test('a link asks; staying changes nothing', async ({ page, request }) => {
    const { name } = await createPrompt(request, { name: uniqueName('leave'), template_content: 'Old.' })
    await openEditor(page, `/prompts/${name}`)
    await append(page, ' Mine.')
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Prompts' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Stay' }).click()
    await expect(page).toHaveURL(`/prompts/${name}`)
    await expect(code(page)).toHaveText('Old. Mine.')
  })

  test('closing asks; after a reload the draft is back and can be discarded', async ({ page, request }) => {
    const { name } = await createPrompt(request, { name: uniqueName('reload'), template_content: 'Old.' })
    await openEditor(page, `/prompts/${name}`)
    await append(page, ' Mine.')
    await expect(status(page)).toHaveText('Unsaved changes')
    const asked = page.waitForEvent('dialog')
    const reloaded = page.reload()
    const dialog = await asked
    expect(dialog.type()).toBe('beforeunload')
    await dialog.accept()
    await reloaded
    await expect(page.getByText(/Your draft of .* is back/)).toBeVisible()
    await expect(code(page)).toHaveText('Old. Mine.')
    await page.getByRole('button', { name: 'Discard it' }).click()
    await expect(code(page)).toHaveText('Old.')
    await page.reload()
    await expect(code(page)).toHaveText('Old.')
    await expect(page.getByText(/is back/)).toBeHidden()
  })
})

test.describe('statement 3: completion', () => {
  test('typing {{ lists the declared variables within 200 ms', { tag: '@timed' }, async ({
    page,
    request,
  }) => {
    const { name } = await createPrompt(request, {
      name: uniqueName('complete'),
      template_content: '{{ audience }} {{ topic }}\n',
    })
    await openEditor(page, `/prompts/${name}`)
    await append(page, '{')
    const rounds: number[] = []
    // What counts is the page; a round that the machine disturbed is made again.
    for (let round = 0; round < 3; round++) {
      rounds.push(await timeUntilShown(page, '{', '.cm-tooltip-autocomplete [role=option]'))
      await expect(page.getByRole('option')).toHaveText([/audience/, /topic/])
      if (Math.min(...rounds) < 200) break
      await page.keyboard.press('Escape')
      await page.keyboard.press('Backspace')
    }
    expect(Math.min(...rounds)).toBeLessThan(200)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.keyboard.type(' | upc')
    await page.getByRole('option', { name: /^upcase/ }).click()
    await expect(code(page)).toContainText('{{ topic | upcase }}')
  })

  test('tags are completed with their end, and other prompts can be included', { tag: '@full' }, async ({
    page,
    request,
  }) => {
    const included = await createPrompt(request, { name: uniqueName('included'), template_content: 'In.' })
    const { name } = await createPrompt(request, { name: uniqueName('includes'), template_content: 'Out.\n' })
    await openEditor(page, `/prompts/${name}`)
    await append(page, '{% unl')
    await page.getByRole('option', { name: /^unless/ }).click()
    await expect(code(page)).toContainText('{% unless %}{% endunless %}')
    await page.getByRole('button', { name: 'Discard' }).click()
    await append(page, `{% render "${included.name}`)
    await page.getByRole('option', { name: included.name }).click()
    await expect(code(page)).toContainText(`{% render "${included.name}"`)
  })
})

test.describe('statement 4: errors', () => {
  test('are marked at their exact range within 500 ms, and the inputs keep their values', {
    tag: '@timed',
  }, async ({ page, request }) => {
    const { name } = await createPrompt(request, {
      name: uniqueName('marks'),
      template_content: 'Say {{ x }}.',
    })
    await openEditor(page, `/prompts/${name}`)
    await page.locator('#value-x').fill('kept')
    await append(page, ' {{ x | upcase }}')
    for (let step = 0; step < ' }}'.length; step++) await page.keyboard.press('ArrowLeft')
    const marks = page.locator('.cm-lintRange-error')
    const rounds: number[] = []
    // What counts is the page; a round that the machine disturbed is made again.
    for (let round = 0; round < 3; round++) {
      await expect(marks).toHaveCount(0)
      rounds.push(await timeUntilShown(page, 'r', '.cm-lintRange-error'))
      if (Math.min(...rounds) < 500) break
      await page.keyboard.press('Backspace')
    }
    expect(Math.min(...rounds)).toBeLessThan(500)
    await expect(marks).toHaveText('upcaser')
    await expect(problems(page)).toContainText('upcaser')
    await expect(page.locator('#value-x')).toHaveValue('kept')
    await page.locator('#value-x').focus()
    await problems(page)
      .getByRole('button', { name: /There is no filter "upcaser"/ })
      .click()
    await expect(code(page)).toBeFocused()
  })

  test('a variable is declared by being written, an unused one is marked', async ({ page, request }) => {
    const { name } = await createPrompt(request, {
      name: uniqueName('declare'),
      template_content: 'Say {{ x }}.',
    })
    await openEditor(page, `/prompts/${name}`)
    await append(page, ' {{ fresh }}')
    await expect(page.locator('[data-variable-row="fresh"]')).toContainText('new')
    await expect(problems(page)).toContainText('No problems')
    await code(page).fill('{{ fresh }}')
    await expect(page.locator('[data-variable-row="x"]')).toContainText('unused')
    await page.getByRole('button', { name: 'Details of x' }).click()
    await page.getByRole('button', { name: 'Remove x' }).click()
    await expect(page.locator('[data-variable-row="x"]')).toHaveCount(0)
    await expect(page.getByRole('button', { name: 'Add', exact: true })).toBeFocused()
    await saveWith(page, 'Another variable')
    await expect(status(page)).toContainText('v2')
    const answer = await request.get(`/api/prompts/${name}?label=latest`)
    expect(await answer.json()).toMatchObject({
      version: 2,
      variables: [{ name: 'fresh', type: 'string', required: true }],
    })
  })

  test('what the server alone can know is marked the same way', { tag: '@full' }, async ({
    page,
    request,
  }) => {
    const { name } = await createPrompt(request, { name: uniqueName('server'), template_content: 'Text. ' })
    await openEditor(page, `/prompts/${name}`)
    await append(page, '{% render "no_such_prompt_at_all" %}')
    await saveWith(page, 'Includes what is not there')
    await expect(page.locator('.cm-lintRange-error').first()).toContainText('render')
    await expect(problems(page)).toContainText('no_such_prompt_at_all')
    await expect(code(page)).toBeFocused()
  })
})

test.describe('statement 7: shortcuts', () => {
  test('Ctrl+S asks for a message and makes a version, Ctrl+Enter runs', async ({ page, request }) => {
    const { name } = await createPrompt(request, {
      name: uniqueName('typed'),
      template_content: 'Say {{ x }}.',
    })
    await openEditor(page, `/prompts/${name}`)
    await code(page).focus()
    await page.keyboard.press('Control+Enter')
    await expect(page.locator('#value-x')).toBeFocused()
    await append(page, ' Now.')
    await saveWith(page, 'Say when')
    await expect(
      page.getByRole('region', { name: 'Notifications' }).getByRole('listitem').getByText('Saved version 2.'),
    ).toBeVisible()
    await expect(status(page)).toHaveText('Editing v2, agents get v1')
    const answer = await request.get(`/api/prompts/${name}?label=latest`)
    expect(await answer.json()).toMatchObject({
      version: 2,
      message: 'Say when',
      template_content: 'Say {{ x }}. Now.',
    })
    await page.keyboard.press('Control+s')
    await expect(
      page
        .getByRole('region', { name: 'Notifications' })
        .getByRole('listitem')
        .getByText('Nothing has changed'),
    ).toBeVisible()
  })

  test('Esc then Tab leaves the text', async ({ page, request }) => {
    const { name } = await createPrompt(request, { name: uniqueName('escape'), template_content: 'Text.' })
    await openEditor(page, `/prompts/${name}`)
    await code(page).focus()
    await page.keyboard.press('Tab')
    await expect(code(page)).toBeFocused()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    await expect(code(page)).not.toBeFocused()
  })
})
