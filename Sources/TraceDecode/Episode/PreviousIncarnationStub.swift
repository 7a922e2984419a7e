struct PreviousIncarnation {}
