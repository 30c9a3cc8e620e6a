# Copyright (c) 2026 The mydnspanel-fakeserver maintainers
