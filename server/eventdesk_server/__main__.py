"""`python -m eventdesk_server` is `eventdesk`."""

import sys

from eventdesk_server.cli import main

sys.exit(main())
