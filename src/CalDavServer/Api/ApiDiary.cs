using CalDavServer.Access;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;

namespace CalDavServer.Api;

/// <summary>The diary that a request is about, opened for its caller.</summary>
/// <param name="Diary">The diary.</param>
/// <param name="Zone">The practice group's time zone.</param>
/// <param name="Practitioner">Whose diary it is.</param>
internal sealed record ApiDiary(Diary Diary, DateTimeZone Zone, Principal Practitioner)
{
    /// <summary>
    /// The caller's own diary, or that of the practitioner in the path when the caller runs the practice group. The diary has everything
    /// about patients in it: only an app password of the level that shows everything opens it, and only one that may write changes it. A handler has it as a parameter.
    /// </summary>
    public static async ValueTask<ApiDiary> BindAsync(HttpContext context)
    {
        var caller = context.Features.Get<Caller>() ?? throw new ApiFault(StatusCodes.Status401Unauthorized, "Sign in with an app password.");
        if (caller.Level != PrivacyLevel.FullName)
            throw new ApiFault(StatusCodes.Status403Forbidden, "The diary names patients: it needs an app password of the privacy level 'full name'.");
        if (caller.Credential.ReadOnly && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            throw new ApiFault(StatusCodes.Status403Forbidden, "This app password may only read.");
        var store = context.RequestServices.GetRequiredService<ICalendarStore>();
        var clock = context.RequestServices.GetRequiredService<IClock>();
        using var snapshot = await store.OpenSnapshotAsync(context.RequestAborted);
        var practitioner = await PractitionerAsync(snapshot, caller.Principal, context.GetRouteValue("practitioner") as string);
        var practice = await PracticeGroup.FindAsync(snapshot, practitioner.GroupId)
            ?? throw new ApiFault(StatusCodes.Status404NotFound, "There is no such practitioner.");
        return new ApiDiary(new Diary(store, clock, practitioner.Id, AuditActor.OnApi(caller.Principal, caller.Credential)), practice.Zone(), practitioner);
    }

    private static async Task<Principal> PractitionerAsync(IStoreSnapshot snapshot, Principal caller, string? named)
    {
        if (named is null)
        {
            return caller.Role == PrincipalRole.Practitioner
                ? caller
                : throw new ApiFault(StatusCodes.Status404NotFound, "You have no diary of your own: name a practitioner in the path.");
        }

        return await snapshot.FindPrincipalAsync(named) is { } practitioner && PracticeDiaries.MayOpen(caller, practitioner)
            ? practitioner
            : throw new ApiFault(StatusCodes.Status404NotFound, "There is no such practitioner.");
    }
}
