import { expectNoSidewaysScroll } from './accessible.ts'
import { createPrompt, createVersion, setLabel, uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'

const FIRST = ['Greet {{ name }}.', '', 'Be brief.', '', 'Sign as the team.'].join('\n')

/** A prompt with three versions: the text changes in the second, config and a variable in the third. */
async function threeVersions(request: Parameters<typeof createPrompt>[0], word: string) {
  const first = await createPrompt(request, {
    name: uniqueName(word),
    title: 'Greeting',
    template_content: FIRST,
    config: { temperature: 0.2 },
    message: 'First draft',
  })
  const second = await createVersion(request, first, {
    template_content: FIRST.replace('Be brief.', 'Be brief and kind.'),
    message: 'Kinder',
  })
  return createVersion(request, second, {
    config: { temperature: 0.7 },
    variables: [{ name: 'name', description: 'Whom to greet' }],
    message: 'Warmer',
  })
}

const row = (page: Page, version: number) =>
  page
    .getByRole('region', { name: 'Versions', exact: true })
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: `v${version}`, exact: true }) })
/** What a toast says; readers hear it in a place of its own. */
const toast = (page: Page, message: string) =>
  page.getByRole('region', { name: 'Notifications' }).getByRole('listitem').filter({ hasText: message })
/** The mark of the version that agents get. */
const production = (page: Page, version: number) =>
  row(page, version).getByText('production', { exact: true })
const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

test.describe('statement 10: every save is an immutable version with author, time and message', () => {
  test('the time line names them for each version, newest first', async ({ page, request }) => {
    const { name } = await threeVersions(request, 'versions_line')
    await page.goto(`/prompts/${name}/versions`)
    await expect(page).toHaveTitle(`Versions · ${name} · Incipit`)
    await expect(
      page.getByRole('region', { name: 'Versions', exact: true }).getByRole('heading', { level: 3 }),
    ).toHaveText(['v3', 'v2', 'v1'])
    await expect(row(page, 3)).toContainText('Warmer')
    await expect(row(page, 3)).toContainText('Local owner')
    await expect(row(page, 3)).toContainText(/\d+ \w+ \d{4}, \d\d:\d\d UTC · just now/)
    await expect(production(page, 1)).toBeVisible()
    await expect(row(page, 3)).toContainText('latest')
  })

  test('a version that was saved over is as it was', { tag: '@full' }, async ({ page, request }) => {
    const { name } = await threeVersions(request, 'versions_kept')
    await page.goto(`/prompts/${name}/versions`)
    await row(page, 1).getByRole('link', { name: 'v1' }).click()
    await expect(page).toHaveURL(`/prompts/${name}?version=1`)
    await expect(page.locator('.source-lines')).toContainText('Be brief.')
    const refused = await request.patch(`/api/prompts/${name}/versions/1`, { data: { message: 'Other' } })
    expect(refused.status()).toBe(405)
  })

  test('older ones are read on demand', { tag: '@full' }, async ({ page, request }) => {
    let prompt = await createPrompt(request, {
      name: uniqueName('versions_many'),
      template_content: 'Text 1',
    })
    for (let number = 2; number <= 53; number++)
      prompt = await createVersion(request, prompt, { template_content: `Text ${number}` })
    await page.goto(`/prompts/${prompt.name}/versions`)
    const headings = page
      .getByRole('region', { name: 'Versions', exact: true })
      .getByRole('heading', { level: 3 })
    await expect(headings).toHaveCount(50)
    await page.getByRole('button', { name: 'Show older versions' }).click()
    await expect(headings).toHaveCount(53)
    await expect(headings.last()).toHaveText('v1')
    await expect(page.getByRole('button', { name: 'Show older versions' })).toBeHidden()
  })
})

test.describe('statement 11: any two versions are compared in two clicks, configuration included', () => {
  test('two clicks lead to the comparison, and its address leads there again', async ({ page, request }) => {
    const { name } = await threeVersions(request, 'versions_two')
    await page.goto(`/prompts/${name}/versions`)
    await page.getByRole('button', { name: 'Compare version 3' }).click()
    await expect(page.getByRole('button', { name: 'Compare version 3' })).toHaveAttribute(
      'aria-pressed',
      'true',
    )
    await page.getByRole('button', { name: 'Compare version 1' }).click()
    await expect(page).toHaveURL(`/prompts/${name}/versions?from=1&to=3`)
    for (const again of [false, true]) {
      if (again) await page.reload()
      await expect(part(page, 'Text').locator('[data-change="removed"]:visible')).toHaveText(
        /Removed: Be brief\.$/,
      )
      await expect(part(page, 'Text').locator('[data-change="added"]:visible')).toHaveText(
        /Added: Be brief and kind\.$/,
      )
      await expect(part(page, 'Text').locator('ins:visible')).toHaveText(' and kind')
      await expect(part(page, 'Configuration')).toContainText('"temperature": 0.7')
      await expect(part(page, 'Variables')).toContainText('Whom to greet')
    }
    await page.goBack()
    await expect(page).toHaveURL(`/prompts/${name}/versions`)
  })

  test('one column, two columns, and others by the menus; the address keeps it', { tag: '@full' }, async ({
    page,
    request,
  }) => {
    const { name } = await threeVersions(request, 'versions_view')
    await page.goto(`/prompts/${name}/versions?from=1&to=2`)
    await expect(part(page, 'Text').getByRole('columnheader')).toHaveCount(4)
    await page.getByRole('radio', { name: 'One column' }).check({ force: true })
    await expect(page).toHaveURL(/view=unified/)
    await expect(part(page, 'Text').getByRole('columnheader')).toHaveCount(3)
    await page.getByRole('button', { name: 'Newer version' }).click()
    await page.getByRole('option', { name: 'v3' }).click()
    await expect(page).toHaveURL(/from=1&to=3/)
    await expect(part(page, 'Configuration')).toBeVisible()
  })

  test('white space can be passed over, and what did not change is folded', { tag: '@full' }, async ({
    page,
    request,
  }) => {
    const lines = Array.from({ length: 30 }, (_, index) => `Line ${index + 1}`)
    const first = await createPrompt(request, {
      name: uniqueName('versions_fold'),
      template_content: lines.join('\n'),
    })
    await createVersion(request, first, {
      template_content: lines.with(3, '   Line 4').with(28, 'Another line').join('\n'),
    })
    await page.goto(`/prompts/${first.name}/versions?from=1&to=2&view=unified`)
    const text = part(page, 'Text')
    await expect(text.locator('[data-change="added"]:visible')).toHaveCount(2)
    await expect(text.getByText('Line 15', { exact: true })).toBeHidden()
    await text.getByRole('button', { name: 'Show 18 unchanged lines' }).click()
    await expect(text.getByText('Line 15', { exact: true })).toBeVisible()
    await page.getByRole('checkbox', { name: 'Ignore white space' }).check()
    await expect(page).toHaveURL(/space=false/)
    await expect(text.locator('[data-change="added"]:visible')).toHaveText(['+Added: Another line'])
  })

  test('a phone shows one column', { tag: '@full' }, async ({ page, request }) => {
    const { name } = await threeVersions(request, 'versions_phone')
    await page.setViewportSize({ width: 360, height: 740 })
    await page.goto(`/prompts/${name}/versions?from=1&to=3&view=split`)
    await expect(part(page, 'Text').getByRole('table')).toHaveCount(1)
    await expect(part(page, 'Text').locator('[data-change="added"]:visible')).toBeVisible()
    await expect(part(page, 'Text').getByRole('columnheader')).toHaveCount(3)
    await expectNoSidewaysScroll(page)
  })

  test('versions that do not exist are named', { tag: '@full' }, async ({ page, request }) => {
    const { name } = await threeVersions(request, 'versions_none')
    await page.goto(`/prompts/${name}/versions?from=1&to=9`)
    await expect(page.getByRole('heading', { name: 'These versions cannot be compared' })).toBeVisible()
    await expect(page.getByText(/no version 9/)).toBeVisible()
  })
})

test.describe('statement 12: a rollback shows its diff, takes two clicks and can be undone', () => {
  test('both ways make a version', async ({ page, request }) => {
    const { name } = await threeVersions(request, 'versions_restore')
    const newest = async () => (await request.get(`/api/prompts/${name}?label=latest`)).json()
    await page.goto(`/prompts/${name}/versions`)
    await page.getByRole('button', { name: 'Restore version 1' }).click()
    const dialog = page.getByRole('dialog', { name: 'Restore version 1' })
    await expect(
      dialog.locator('[data-change="added"]:visible').filter({ hasText: 'Be brief.' }),
    ).toBeVisible()
    await expect(dialog.getByRole('region', { name: 'Configuration' })).toContainText('"temperature": 0.2')
    await dialog.getByRole('button', { name: 'Restore version 1' }).click()
    await expect(row(page, 4)).toContainText('Restore version 1')
    await expect(dialog).toBeHidden()
    expect(await newest()).toMatchObject({
      version: 4,
      template_content: FIRST,
      config: { temperature: 0.2 },
      message: 'Restore version 1',
    })
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(row(page, 5)).toContainText('Restore version 3')
    expect(await newest()).toMatchObject({
      version: 5,
      template_content: FIRST.replace('Be brief.', 'Be brief and kind.'),
      config: { temperature: 0.7 },
    })
    await expect(toast(page, 'Version 3 is back, as version 5')).toBeVisible()
  })

  test('production goes forth and back in two clicks each, the difference in sight', {
    tag: '@full',
  }, async ({ page, request }) => {
    const { name } = await threeVersions(request, 'versions_promote')
    const served = async () => (await (await request.get(`/api/prompts/${name}`)).json()).version
    await page.goto(`/prompts/${name}/versions`)
    await page.getByRole('button', { name: 'Promote version 3' }).click()
    const forth = page.getByRole('dialog', { name: 'Promote version 3 to production' })
    await expect(forth).toContainText('Agents get version 3 instead of version 1 from then on.')
    await expect(
      forth.locator('[data-change="added"]:visible').filter({ hasText: 'Be brief and kind.' }),
    ).toBeVisible()
    await expect(forth.getByRole('region', { name: 'Configuration' })).toContainText('"temperature": 0.7')
    await forth.getByRole('button', { name: 'Promote to production' }).click()
    await expect(production(page, 3)).toBeVisible()
    await expect.poll(served).toBe(3)
    await page.getByRole('button', { name: 'Roll back production to this: version 2' }).click()
    const back = page.getByRole('dialog', { name: 'Roll back production to version 2' })
    await expect(back.locator('[data-change]:visible').first()).toBeVisible()
    await back.getByRole('button', { name: 'Roll back production' }).click()
    await expect(production(page, 2)).toBeVisible()
    await expect.poll(served).toBe(2)
    await page
      .getByRole('region', { name: 'Notifications' })
      .getByRole('listitem')
      .filter({ hasText: 'production moved from version 3 to version 2' })
      .getByRole('button', { name: 'Undo' })
      .click()
    await expect(production(page, 3)).toBeVisible()
    await expect.poll(served).toBe(3)
  })

  test('an undo leaves alone what somebody else saved meanwhile', { tag: '@full' }, async ({
    page,
    request,
  }) => {
    const { name } = await threeVersions(request, 'versions_undo')
    await page.goto(`/prompts/${name}/versions`)
    await page.getByRole('button', { name: 'Restore version 2' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Restore version 2' }).click()
    await expect(row(page, 4)).toBeVisible()
    const { etag } = await (await request.get(`/api/prompts/${name}?label=latest`)).json()
    await createVersion(request, { name, etag }, { template_content: 'Theirs' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(toast(page, 'Not undone')).toBeVisible()
    expect(await (await request.get(`/api/prompts/${name}?label=latest`)).json()).toMatchObject({
      version: 5,
      template_content: 'Theirs',
    })
  })
})

test.describe('statement 13: moving production asks, names the version it replaces, and is in the audit log', () => {
  test('the move and its undo', async ({ page, request }) => {
    const { name } = await threeVersions(request, 'versions_label')
    await page.goto(`/prompts/${name}/versions`)
    await page.getByRole('button', { name: 'Label version 3' }).click()
    const dialog = page.getByRole('dialog', { name: 'Label version 3' })
    await expect(dialog.getByRole('button', { name: 'Move the label' })).toBeDisabled()
    await dialog.getByRole('radio', { name: /production/ }).check()
    await expect(dialog).toContainText('production names version 1 now. Version 3 replaces it.')
    await expect(dialog).toContainText('Agents get version 3 from then on.')
    await expect(production(page, 1)).toBeVisible()
    await dialog.getByRole('button', { name: 'Move production' }).click()
    await expect(production(page, 3)).toBeVisible()
    await expect(production(page, 1)).toHaveCount(0)
    await expect(
      page.getByRole('region', { name: 'Label moves' }).getByRole('listitem').first(),
    ).toContainText('moved from v1 to v3')
    await expect(toast(page, 'production moved from version 1 to version 3')).toBeVisible()
    const audit = await (await request.get(`/api/audit?target=${name}&action=label.set`)).json()
    expect(audit.items[0]).toMatchObject({
      actor: { display: 'Local owner' },
      before: { label: 'production', version: 1 },
      after: { label: 'production', version: 3 },
    })
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(production(page, 1)).toBeVisible()
    await expect(
      page.getByRole('region', { name: 'Label moves' }).getByRole('listitem').first(),
    ).toContainText('moved from v3 to v1')
  })

  test('a new label is named, checked and set', { tag: '@full' }, async ({ page, request }) => {
    const { name } = await threeVersions(request, 'versions_new_label')
    await page.goto(`/prompts/${name}/versions`)
    await page.getByRole('button', { name: 'Label version 2' }).click()
    const dialog = page.getByRole('dialog', { name: 'Label version 2' })
    await dialog.getByRole('radio', { name: 'Another label' }).check()
    await dialog.getByRole('textbox', { name: 'Name of the label' }).fill('Not A Slug')
    await expect(dialog.getByRole('textbox')).toHaveAttribute('aria-invalid', 'true')
    await dialog.getByRole('textbox').fill('staging')
    await dialog.getByRole('button', { name: 'Set staging' }).click()
    await expect(row(page, 2)).toContainText('staging')
  })

  test('what somebody else moved meanwhile is shown before anything moves', async ({ page, request }) => {
    const { name, etag } = await threeVersions(request, 'versions_label_race')
    await page.goto(`/prompts/${name}/versions`)
    await page.getByRole('button', { name: 'Label version 3' }).click()
    const dialog = page.getByRole('dialog', { name: 'Label version 3' })
    await dialog.getByRole('radio', { name: /production/ }).check()
    await expect(dialog).toContainText('production names version 1 now.')
    await setLabel(request, { name, etag }, 'production', 2)
    await expect(dialog).toContainText('production names version 2 now.')
  })
})
