namespace CalDavServer.Access;

/// <summary>The name that people know a calendar app by, from what it calls itself.</summary>
internal static class ClientName
{
    // in this order: some name the library of another besides themselves
    private static readonly (string Part, string Name)[] Known =
    [
        ("Fantastical", "Fantastical"),
        ("BusyCal", "BusyCal"),
        ("iOS/", "Apple Calendar on an iPhone or iPad"),
        ("iPadOS/", "Apple Calendar on an iPhone or iPad"),
        ("macOS/", "Apple Calendar on a Mac"),
        ("Mac OS X/", "Apple Calendar on a Mac"),
        ("Mac+OS+X/", "Apple Calendar on a Mac"),
        ("CalendarAgent", "Apple Calendar on a Mac"),
        ("dataaccessd", "Apple Calendar"),
        ("Thunderbird", "Thunderbird"),
        ("DAVx5", "DAVx⁵"),
        ("CalDavSynchronizer", "Outlook with CalDav Synchronizer"),
        ("Evolution", "Evolution or GNOME Calendar"),
        ("KIO/", "KDE"),
        ("KDE", "KDE"),
        ("Akonadi", "KDE"),
        ("vdirsyncer", "vdirsyncer"),
        ("OneCalendar", "One Calendar"),
        ("eM Client", "eM Client"),
        ("Mailspring", "Mailspring"),
        ("tsdav", "an app that uses tsdav"),
        ("python-caldav", "an app that uses python-caldav"),
        ("curl/", "curl"),
    ];

    /// <summary>The name, in words that fit after "by"; null when the app did not say.</summary>
    public static string? Of(string? userAgent)
    {
        if (string.IsNullOrWhiteSpace(userAgent)) return null;
        foreach (var (part, name) in Known)
        {
            if (userAgent.Contains(part, StringComparison.OrdinalIgnoreCase)) return name;
        }

        // the product's own name, without its version (RFC 9110 §10.1.5)
        var product = userAgent.AsSpan().TrimStart();
        var end = product.IndexOfAny('/', ' ', '(');
        return end == 0 ? null : (end < 0 ? product : product[..end]).ToString();
    }
}
