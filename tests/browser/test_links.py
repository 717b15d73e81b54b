"""Links are opened by scanners and previews before people do."""

import http.client
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from case import STRONG, BrowserCase

THREADS = 4


def open_often(link: str, methods: tuple[str, ...], times: int) -> set[int]:
    """Opens a link `times` times by each method, and gives the statuses that came."""
    parts = urlsplit(link)

    def share(_) -> set[int]:
        connection = http.client.HTTPConnection(parts.netloc, timeout=60)
        found = set()
        for method in methods:
            for _ in range(times // THREADS):
                connection.request(method, parts.path)
                answer = connection.getresponse()
                answer.read()
                found.add(answer.status)
        connection.close()
        return found

    with ThreadPoolExecutor(THREADS) as pool:
        return set().union(*pool.map(share, range(THREADS)))


class Links(BrowserCase):
    def test_a_thousand_times_by_get_and_head_leaves_it_usable(self):
        with self.visitor() as visitor:
            link = visitor.ask_and_get_mail(self.user()).link
            self.assertEqual(open_often(link, ("GET", "HEAD"), 1000), {200})
            visitor.open(link)
            visitor.sees("reset")
            visitor.choose(STRONG)
            visitor.sees("done")

    def test_looking_at_the_cancel_page_cancels_nothing(self):
        with self.visitor() as visitor:
            mail = visitor.ask_and_get_mail(self.user())
            self.assertEqual(open_often(mail.cancel_link, ("GET", "HEAD"), 100), {200})
            visitor.open(mail.link)
            visitor.sees("reset")
            visitor.open(mail.cancel_link)
            visitor.press_only_button()
            visitor.sees("cancelled")
            visitor.open(mail.link)
            visitor.sees("problem")
