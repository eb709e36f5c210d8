using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Practice;
using Practice.Audit;

namespace CalDavServer.Web.Audit;

/// <summary>
/// Which lines of which log somebody looks at. A practitioner sees the log of the own diary and the lines of the practice's log about
/// themselves; an administrator sees everything of the practice group.
/// </summary>
/// <param name="Log">The log.</param>
/// <param name="Owner">Whose.</param>
/// <param name="Subject">The person about whom lines are shown; null for all.</param>
internal sealed record AuditView(string Log, string Owner, string? Subject)
{
    /// <summary>Whether it is of appointments, not of people and access.</summary>
    public bool IsOfAppointments => Log == DiaryAudit.Log;

    /// <summary>Whether lines of the log are left out.</summary>
    public bool IsPart => Subject is not null;

    /// <summary>The view that somebody asks for; null when there is none for them.</summary>
    /// <param name="me">Who asks; has a practice group.</param>
    /// <param name="people">The people of the practice group.</param>
    /// <param name="appointments">Whether appointments are asked for.</param>
    /// <param name="personId">The person who is asked for, or null.</param>
    public static AuditView? Of(Person me, IReadOnlyList<Principal> people, bool appointments, string? personId)
    {
        var person = me.IsAdministrator ? people.FirstOrDefault(other => other.Id == personId) : me.Principal;
        if (personId is not null && person?.Id != personId) return null;
        if (!appointments) return new AuditView(PracticeAudit.Log, me.Practice!.Id, person?.Id);
        person ??= people.FirstOrDefault(other => other.Role == PrincipalRole.Practitioner);
        return person is { Role: PrincipalRole.Practitioner } ? new AuditView(DiaryAudit.Log, person.Id, null) : null;
    }
}
