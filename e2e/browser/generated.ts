import { type ProviderDouble, startProviderDouble } from '#lib/testing/provider-double/server.ts'
import { createConfiguration, createPrompt, uniqueName } from './api.ts'
import { type APIRequestContext, type Page, test } from './test.ts'

/** The rows of the table of generations. */
export const rows = (page: Page) => page.getByRole('table', { name: 'Generations' }).locator('[data-index]')

/** A prompt that says one value. */
export function makePrompt(request: APIRequestContext) {
  return createPrompt(request, { name: uniqueName('generated'), template_content: 'Say {{ x }}.' })
}
/** The value that it says. */
export const x = { variables: { x: 'it' } }

/** Starts a provider for the tests of a file; what it answers stands in the model of a configuration. */
export function withProvider() {
  let double: ProviderDouble
  test.beforeAll(async () => {
    double = await startProviderDouble()
  })
  test.afterAll(async () => {
    await double.close()
  })
  return {
    /** Makes a configuration of it. @returns its name */
    modelled: (request: APIRequestContext, model: string, more = {}): Promise<string> => {
      const provider = { provider: 'openai-compatible', base_url: double.openaiUrl, model }
      return createConfiguration(request, { ...provider, ...more })
    },
  }
}
