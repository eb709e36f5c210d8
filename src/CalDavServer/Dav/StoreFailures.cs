using CalDavServer.Options;
using Calendaring.Store;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav;

/// <summary>What a client is told when the store could not do what was asked.</summary>
internal static class StoreFailures
{
    public static DavError Of(StoreFailure failure) => failure.Kind == StoreFailureKind.Quota ? new DavError(507, D("quota-not-exceeded"), SentenceOf(failure.Limit)) : Of(failure.Kind);

    public static DavError Of(StoreFailureKind kind) => kind switch
    {
        StoreFailureKind.NoSpace => new DavError(507, D("sufficient-disk-space"), "The server's disk is full; nothing was changed."),
        StoreFailureKind.Unavailable => new DavError(503, null, "The server's disk cannot be written to; nothing was changed."),
        StoreFailureKind.Busy => new DavError(503, null, "The server is busy: try again in a moment."),
        StoreFailureKind.NotFound => new DavError(409, null, "The calendar no longer exists."),
        StoreFailureKind.Exists => DavError.Forbidden(D("resource-must-be-null"), "There is a resource of this name."),
        StoreFailureKind.UidConflict => DavError.Forbidden(C("no-uid-conflict"), "Another object of the calendar has the same UID."),
        _ => new DavError(412, null, "The resource has been changed in the meantime."),
    };

    private static string SentenceOf(StoreLimit limit) => limit switch
    {
        StoreLimit.Group => "The practice's calendars hold as much as the server keeps for them: something must be removed first.",
        StoreLimit.PropertyCount => $"A resource has at most {Quotas.DeadProperties} properties.",
        StoreLimit.PropertyBytes => "The properties of this resource take up all the room that they may: remove some, or make them shorter.",
        StoreLimit.PropertyBytesOfHome => "The properties of your calendars take up all the room that they may: remove some, or make them shorter.",
        _ => "Your calendars hold as much as the server keeps for you: something must be removed first.",
    };
}
