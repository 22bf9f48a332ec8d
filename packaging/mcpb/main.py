"""What a chat app starts from the bundle. A field of its form that was left empty is no setting."""

import os
import sys

from eventdesk_server.cli import main

for name, value in list(os.environ.items()):
    # A switch that arrives empty stays, and is an error: it may have been meant to forbid something.
    if name.startswith(("EVENTDESK_ACCOUNTS__", "EVENTDESK_CONFIG")) and (
        not value.strip() or value.startswith("${user_config.")
    ):
        del os.environ[name]

sys.exit(main())
