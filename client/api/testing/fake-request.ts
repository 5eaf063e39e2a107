/** What a browser's request does, told by hand how far it is. */
export class FakeRequest extends EventTarget {
  static all: FakeRequest[] = []
  upload = new EventTarget()
  status = 0
  responseText = ''
  url = ''
  open(_: string, url: string) {
    this.url = url
  }
  setRequestHeader() {}
  send() {
    FakeRequest.all.push(this)
  }
  abort() {
    this.end('abort')
  }
  sent(loaded: number) {
    this.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded }))
  }
  answer(status: number, body = '{}') {
    this.status = status
    this.responseText = body
    this.end('load')
  }
  end(how: string) {
    this.dispatchEvent(new Event(how))
    this.dispatchEvent(new Event('loadend'))
  }
}
