using CalDavServer.Mail;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>Hands an invitation over: by e-mail, or to the administrator, who is shown it once.</summary>
internal sealed class Invitations(PasswordLinks links, PracticePeople people, NewAddresses addresses, MailSender mail)
{
    /// <summary>What <c>TempData</c> has a person's link under.</summary>
    public static string LinkOf(string personId) => $"Link {personId}";

    /// <summary>Writes to every other administrator of the practice that there is one more: who took over the account of one must not make another in silence.</summary>
    public async Task TellAdministratorsAsync(Principal added)
    {
        foreach (var other in await people.AdministratorsAsync(added.GroupId!))
        {
            if (other.Id != added.Id && other.Email is { } address) mail.Send(Emails.AdministratorAdded(address));
        }
    }

    /// <summary>Sends the link, or gives it to the page that is shown next.</summary>
    public async Task HandOverAsync(PageModel page, Principal person, string secret)
    {
        var request = page.Request;
        var address = links.AddressOf(person.Id, secret, new Uri($"{request.Scheme}://{request.Host}/"));
        if ((person.Email ?? await addresses.UnprovedAsync(person.Id)) is { } to && mail.Send(Emails.Invitation(to, address), Person.Of(page.HttpContext).Principal.Id))
        {
            page.TempData["Notice"] = $"An invitation is on its way to {to}.";
            return;
        }

        // whoever is shown the link could follow it without the mailbox
        await addresses.EndLinkAsync(person.Id);
        page.TempData["Notice"] = $"{person.DisplayName} is invited.";
        page.TempData[LinkOf(person.Id)] = address.AbsoluteUri;
    }
}
