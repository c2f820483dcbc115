/** Pages whose address can be kept. */
export const VIEW_PAGES = ['usage', 'generations', 'prompts'] as const

/** Most characters of the name of a view. */
export const VIEW_NAME_LENGTH = 80
/** Most characters of the query of its address. */
export const VIEW_QUERY_LENGTH = 2000
