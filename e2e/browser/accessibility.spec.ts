import { expectNoSidewaysScroll, expectNoViolations, THEMES } from './accessible.ts'
import { createPrompt, createVersion, generate, uniqueName } from './api.ts'
import { type APIRequestContext, expect, type Page, test } from './test.ts'

/** Stands for two versions of a prompt that the test makes: the seeded ones have one each. */
const COMPARED = 'compared'
/** Stands for a generation that the test makes, and for the list of one prompt's. */
const GENERATED = 'generated'
const GENERATIONS = 'generations'
/** It stands beside the workbench, without its frame. */
const NOWHERE = '/nowhere'
const PAGES = {
  'the list': '/prompts',
  'a filtered list': '/prompts?category=techniques&tag=examples&q=example',
  'an empty list': '/prompts?q=zzqqzz',
  'the empty archive': '/prompts?archived=true',
  'the editor of a text prompt': '/prompts/business_logic_implementation',
  'the editor of a chat prompt': '/prompts/few_shot',
  'a version to read': '/prompts/few_shot?version=1',
  'a new prompt': '/prompts/new',
  'the versions': '/prompts/few_shot/versions',
  'two versions compared': COMPARED,
  'the usage of a prompt': '/prompts/few_shot/usage',
  'the quality of a prompt': '/prompts/few_shot/quality',
  'the playground': '/playground?prompt=few_shot&configurations=echo',
  'the playground without a prompt': '/playground',
  'the generations': GENERATIONS,
  'a generation': GENERATED,
  'no generations': '/generations?configuration=no_such_configuration',
  'the categories': '/categories',
  'the usage': '/usage',
  'the connect page': '/connect',
  'the import': '/import',
  'the settings': '/settings/ai',
  'the members without accounts': '/settings/members',
  'the keys without accounts': '/settings/keys',
  'the label rules': '/settings/labels',
  'the alerts': '/settings/alerts',
  'the webhooks': '/settings/webhooks',
  'the repositories': '/settings/repositories',
  'the audit log': '/settings/audit',
  'the system': '/settings/system',
  'the appearance': '/settings/appearance',
  'no such prompt': '/prompts/no_such_prompt',
  'no such page': NOWHERE,
}

/** What the other pages are made of, too: the gate looks at these, the full run at all. */
const IN_GATE: ReadonlySet<string> = new Set([
  'the list',
  'the editor of a chat prompt',
  'the playground',
  'the settings',
])

async function addressOf(path: string, request: APIRequestContext): Promise<string> {
  if (path === GENERATED || path === GENERATIONS) {
    const prompt = await createPrompt(request, {
      name: uniqueName('generated'),
      template_content: 'Say {{ x }}.',
    })
    const run = { prompt: prompt.name, configuration: 'echo', variables: { x: 'something' } }
    const { id } = await generate(request, run)
    return path === GENERATED ? `/generations/${id}` : `/generations?prompt=${prompt.name}`
  }
  if (path !== COMPARED) return path
  const name = uniqueName('accessible')
  const prompt = await createPrompt(request, { name, template_content: 'Hello {{ who }}\nBye' })
  await createVersion(request, prompt, { template_content: 'Hello {{ who }} and all\nBye' })
  return `/prompts/${name}/versions?from=1&to=2`
}

test('what is asked about the pages finds what is wrong with one', async ({ page }) => {
  await page.setContent('<html lang="en"><title>Wrong</title><main><h1>Wrong</h1><img src="data:,"></main>')
  await expect(expectNoViolations(page)).rejects.toThrow('image-alt')
  // Asked again, as what is there changed.
  await page.locator('img').evaluate((image) => image.setAttribute('alt', 'Nothing'))
  await expectNoViolations(page)
})

for (const [name, path] of Object.entries(PAGES))
  test(`statement 20: ${name} has no accessibility violation, shows where the focus is, and fits 320 px`, {
    tag: IN_GATE.has(name) ? [] : ['@full'],
  }, async ({ page, request }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.goto(await addressOf(path, request))
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expectNoViolations(page)
    const stops = await walk(page)
    expect(stops.length).toBeGreaterThan(path === NOWHERE ? 3 : 8)
    expect(stops.filter(({ visible }) => !visible)).toEqual([])
    await page.setViewportSize({ width: 320, height: 640 })
    await expectNoSidewaysScroll(page)
  })

for (const colorScheme of THEMES) {
  test.describe(`statement 20: in the ${colorScheme} theme`, { tag: '@full' }, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } })

    if (colorScheme === 'dark')
      for (const [name, path] of Object.entries(PAGES))
        test(`${name} has no accessibility violation`, async ({ page, request }) => {
          await page.goto(await addressOf(path, request))
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
          await expectNoViolations(page)
        })

    test('neither has a rendered prompt with its menus open, nor the palette, nor the list of keys', async ({
      page,
    }) => {
      await page.goto('/prompts/few_shot')
      await page.getByRole('button', { name: 'Use the examples' }).click()
      await expect(page.locator('[data-rendered]').first()).toBeVisible()
      await expectNoViolations(page)
      await page.getByRole('button', { name: 'Copy as' }).click()
      await expect(page.getByRole('menuitem', { name: 'curl' })).toBeVisible()
      await expectNoViolations(page)
      await page.keyboard.press('Escape')
      await page.keyboard.press('ControlOrMeta+k')
      await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible()
      await expectNoViolations(page)
      await page.keyboard.press('Escape')
      await expect(page.getByRole('dialog')).toBeHidden()
      await page.locator('body').press('?')
      await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
      await expectNoViolations(page)
    })
  })
}

test.describe('statement 20: on a phone', () => {
  test('the filters are behind a button', async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.goto('/prompts')
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.getByRole('link', { name: /^Data/ }).click()
    await expect(page).toHaveURL('/prompts?category=data')
  })
})

test.describe('statement 20: by keyboard', () => {
  test('following a link puts the focus at the beginning of the new page, and its title says which', async ({
    page,
  }) => {
    await page.goto('/prompts')
    const link = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Connect' })
    await link.focus()
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL('/connect')
    await expect(page.locator('#content')).toBeFocused()
    await expect(page).toHaveTitle('Connect · Incipit')
  })

  test('the way past the header leads into the content', async ({ page }) => {
    await page.goto('/prompts')
    await page.keyboard.press('Tab')
    await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.locator('#content')).toBeFocused()
  })

  test('a theme is chosen and stays', async ({ page }) => {
    await page.goto('/prompts')
    await page.getByRole('button', { name: 'Theme', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    await page.getByRole('menuitemradio', { name: 'Dark' }).press('Enter')
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
    await page.reload()
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  })
})

/** Tabs through a page, once around, and tells of each stop whether it is marked. */
async function walk(page: Page): Promise<{ name: string; visible: boolean }[]> {
  const stops: { name: string; visible: boolean }[] = []
  for (let step = 0; step < 120; step++) {
    // Tab indents in the editor of texts; Escape first, and it leaves.
    if (
      await page.evaluate(
        () =>
          document.activeElement?.closest('.cm-editor') !== null && document.activeElement !== document.body,
      )
    )
      await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => {
      const element = document.activeElement
      if (!(element instanceof HTMLElement) || element === document.body) return undefined
      if (element.hasAttribute('data-walked')) return undefined
      element.setAttribute('data-walked', '')
      // A field inside a frame may leave the ring to the frame.
      const ring = [element, element.closest('[data-code-editor]'), element.parentElement].some(
        (candidate) => {
          if (candidate === null) return false
          const { outlineStyle, outlineWidth } = getComputedStyle(candidate)
          return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
        },
      )
      const visible = ring && element.getBoundingClientRect().width > 0
      return { name: element.outerHTML.slice(0, 160), visible }
    })
    if (stop === undefined) break
    stops.push(stop)
  }
  return stops
}
