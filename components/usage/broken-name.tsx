import { Fragment } from 'react'

/** A name that may go on in the next line after each underscore. */
export function BrokenName({ name }: { name: string }) {
  return name.split(/(?<=_)/).map((part, index) => (
    <Fragment key={`${index} ${part}`}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ))
}
