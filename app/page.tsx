import { redirect } from 'next/navigation'

/** The list of prompts is the start page. */
export default function StartPage(): never {
  redirect('/prompts')
}
