import type { Locator, Page } from '@playwright/test'

/** From a key that goes down until the preview that holds its letter is painted, in milliseconds. */
export interface KeystrokeFigures {
  where: string
  letters: number
  p50: number
  p95: number
  max: number
}

/** Between two letters: a fast typist. */
const PAUSE_MS = 50

export interface Typing {
  /** What the table calls it. */
  where: string
  /** Where to type, with the cursor at the place. */
  field: Locator
  /** The element whose text follows. */
  preview: Locator
  /** A letter that the preview does not hold yet; its longest run there tells what has arrived. */
  letter?: string
  letters?: number
}

declare global {
  interface Window {
    keystrokeDelays?: number[]
  }
}

/**
 * Types into a field and measures each letter's way into the preview. A preview that skips letters because
 * newer ones came counts for each of them with its own wait.
 */
export async function measureKeystrokes(
  page: Page,
  { where, field, preview, letter = 'Z', letters = 60 }: Typing,
): Promise<KeystrokeFigures> {
  await preview.evaluate(watch, letter)
  await field.pressSequentially(letter.repeat(letters), { delay: PAUSE_MS })
  await page.waitForFunction((count) => window.keystrokeDelays?.length === count, letters)
  const delays = await page.evaluate(() => window.keystrokeDelays ?? [])
  const sorted = delays.toSorted((left, right) => left - right)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { where, letters, p50: at(0.5), p95: at(0.95), max: at(1) }
}

/** Runs in the page, so it is whole in itself. */
function watch(preview: Element, letter: string): void {
  const delays: number[] = []
  const waiting: number[] = []
  window.keystrokeDelays = delays
  const runs = new RegExp(`${letter}+`, 'g')
  const longest = () =>
    (preview.textContent ?? '').match(runs)?.reduce((most, run) => Math.max(most, run.length), 0) ?? 0
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.key === letter) waiting.push(event.timeStamp)
    },
    { capture: true },
  )
  const painted = () => {
    const arrived = longest()
    // A task that was posted in a frame runs when the frame has been painted.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.addEventListener('message', () => {
        const now = performance.now()
        while (delays.length < arrived) delays.push(now - (waiting[delays.length] ?? now))
      })
      port1.start()
      port2.postMessage('')
    })
  }
  new MutationObserver(painted).observe(preview, { childList: true, characterData: true, subtree: true })
}

/** A seeded prompt of ordinary length. */
const PROMPT = '/prompts/business_logic_implementation'

/** Measures a seeded prompt's page: typing into a value, and into the text itself. */
export async function measurePromptPage(page: Page): Promise<KeystrokeFigures[]> {
  await page.goto(PROMPT)
  const preview = page.getByRole('region', { name: 'Rendered text' })
  await page.getByRole('button', { name: 'Use the examples' }).click()
  await preview.locator('[data-rendered]').waitFor()
  const value = page.locator('#value-business_domain')
  await value.focus()
  await page.keyboard.press('Control+End')
  const typed = await measureKeystrokes(page, { where: 'a value', field: value, preview })

  const editor = page.locator('#editor .cm-content').first()
  await editor.focus()
  await page.keyboard.press('Control+End')
  const written = await measureKeystrokes(page, { where: 'the text', field: editor, preview, letter: 'Q' })
  return [typed, written]
}
