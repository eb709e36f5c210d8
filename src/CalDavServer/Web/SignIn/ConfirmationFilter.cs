using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CalDavServer.Web.SignIn;

/// <summary>Asks who posts to a page whether it is them, where that gives lasting access. What is posted to no handler is not found: a page that nothing has filled cannot be shown.</summary>
internal sealed class ConfirmationFilter(Confirmation confirmation) : IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (context.HandlerMethod is null && HttpMethods.IsPost(context.HttpContext.Request.Method)) context.Result = new NotFoundResult();
        else if (await IsAskedAsync(context) && await confirmation.AskAsync((PageModel)context.HandlerInstance) is { } answer) context.Result = answer;
        else await next();
    }

    private async Task<bool> IsAskedAsync(PageHandlerExecutingContext context)
    {
        if (context.HandlerMethod is not { HttpMethod: "Post" } handler || context.HttpContext.Features.Get<Person>() is not { } person) return false;
        return (handler.MethodInfo.GetCustomAttribute<LastingAccessAttribute>()?.Says ?? LastingAccess.Gives) switch
        {
            LastingAccess.Gives => true,
            LastingAccess.AsksPassword => !await confirmation.HasPasswordAsync(person),
            _ => false,
        };
    }
}
