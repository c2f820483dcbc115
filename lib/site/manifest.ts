/** The file that lists the files of the built site. */
export const MANIFEST = 'manifest.json'

/** The files of the built site by their addresses. */
export type SiteManifest = Readonly<
  Record<
    string,
    {
      /** Name in the folder of the site; the packed ones end with their encoding. */
      readonly file: string
      readonly type: string
      readonly etag: string
      readonly isPacked: boolean
      /** The address holds what the file is made of. */
      readonly isForever: boolean
    }
  >
>
