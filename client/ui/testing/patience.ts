/** A set-up of test files: what is waited for has time to come about on a busy machine. */
import { configure } from '@testing-library/react'

configure({ asyncUtilTimeout: 30_000 })
