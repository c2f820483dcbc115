/** What the playground needs to know of a configuration that can be asked. */
export interface Configuration {
  name: string
  provider: string
  model: string
  /** Set where its provider is no model: said wherever its text is shown. */
  note: string | null
  /** Asked where nobody chooses one: true of one at most. */
  isPreferred: boolean
}
