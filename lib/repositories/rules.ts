/** The bounds of repositories, for their schema and the form, which has no schema library. */

export const REPOSITORY_NAME_LENGTH = 100
export const ARCHIVE_URL_LENGTH = 2000
export const REF_LENGTH = 250
export const FOLDER_LENGTH = 500

/** What nobody asked otherwise: the folder of `incipit pull`. */
export const USUAL_FOLDER = 'prompts'
